using System.Text.Json;

namespace Rectune.Engine.Serving.Protocol;

/// <summary>
/// What <c>POST /v2/repository/index</c> asks
/// (https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_model_repository.md#index): every model, or only those that are ready.
/// </summary>
public static class RepositoryIndexRequest
{
    /// <summary>The one member there is fits many times.</summary>
    public const int BodyLimitBytes = 4096;

    /// <summary>Reads a body, which may be empty. Returns what is wrong with it, null when nothing is. Unknown members are passed over.</summary>
    public static string? Read(ReadOnlyMemory<byte> body, out bool readyOnly)
    {
        readyOnly = false;
        if (body.IsEmpty)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return "body: expected an object such as {\"ready\":true}, or nothing";
            }

            if (!document.RootElement.TryGetProperty("ready", out var ready))
            {
                return null;
            }

            readyOnly = ready.ValueKind == JsonValueKind.True;
            return ready.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : "ready: expected true or false";
        }
        catch (JsonException e)
        {
            return $"body(line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}): found malformed JSON, expected an object such as {{\"ready\":true}}, or nothing";
        }
    }
}
