using System.Text.Json;

namespace Rectune.Engine.Serving.Protocol;

/// <summary>
/// The <c>parameters</c> of a request: <c>binary_data_output</c>, <c>timeout</c> as Triton names it
/// (https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_schedule_policy.md), and <c>quality_min</c>, which no other server has. Others are passed over.
/// </summary>
internal sealed class RequestParameters(ProblemList problems)
{
    /// <summary>One hour in microseconds: a longer wait is no wish of a client but a mistaken unit.</summary>
    public const long LongestTimeoutUs = 3_600_000_000;

    private bool timeoutSeen;
    private bool qualitySeen;

    /// <summary>Encoding of outputs that do not name their own.</summary>
    public ScoreEncoding Encoding { get; private set; }

    /// <summary>Time from arrival in which the query must be answered, microseconds; 0 where the request names none.</summary>
    public long TimeoutUs { get; private set; }

    /// <summary>Least quality of the paths that may answer the query, in the plan's metric; null where the request names none.</summary>
    public double? QualityMin { get; private set; }

    public void Reset()
    {
        timeoutSeen = false;
        qualitySeen = false;
        Encoding = ScoreEncoding.Json;
        TimeoutUs = 0;
        QualityMin = null;
    }

    /// <param name="reader">On the value of <c>parameters</c>; left on its last token.</param>
    public void Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            problems.Add($"parameters: found {JsonTensorData.Describe(ref reader)}, expected an object");
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("binary_data_output"u8))
            {
                reader.Read();
                ReadEncoding(ref reader);
            }
            else if (reader.ValueTextEquals("timeout"u8))
            {
                reader.Read();
                ReadTimeout(ref reader);
            }
            else if (reader.ValueTextEquals("quality_min"u8))
            {
                reader.Read();
                ReadQuality(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void ReadEncoding(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.True or JsonTokenType.False)
        {
            Encoding = reader.TokenType == JsonTokenType.True ? ScoreEncoding.Binary : ScoreEncoding.Json;
            return;
        }

        problems.Add($"parameters.binary_data_output: found {JsonTensorData.Describe(ref reader)}, expected true or false");
        reader.Skip();
    }

    private void ReadTimeout(ref Utf8JsonReader reader)
    {
        if (timeoutSeen)
        {
            problems.Add("parameters.timeout: given twice");
        }
        else if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var us) && us is >= 1 and <= LongestTimeoutUs)
        {
            TimeoutUs = us;
        }
        else
        {
            problems.Add(
                $"parameters.timeout: found {JsonTensorData.Describe(ref reader)}, expected a whole number of microseconds from 1 to {LongestTimeoutUs}");
        }

        timeoutSeen = true;
        reader.Skip();
    }

    private void ReadQuality(ref Utf8JsonReader reader)
    {
        if (qualitySeen)
        {
            problems.Add("parameters.quality_min: given twice");
        }
        else if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var least) && double.IsFinite(least))
        {
            QualityMin = least;
        }
        else
        {
            problems.Add($"parameters.quality_min: found {JsonTensorData.Describe(ref reader)}, expected a finite number, the least quality in the plan's metric");
        }

        qualitySeen = true;
        reader.Skip();
    }
}
