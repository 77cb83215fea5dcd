using Rectune.Core.Domain;

namespace Rectune.Engine.Serving.Protocol;

/// <summary>
/// One inference request, read into buffers that are kept for the next: the steady state allocates nothing. One owner at a time;
/// <see cref="Batch"/> is good until the next <see cref="Read"/>.
/// </summary>
public sealed class InferRequest
{
    private readonly InputTensor[] inputs;
    private readonly SparseColumn[] columns;
    private readonly FeatureBatch?[] batches;
    private readonly InferRequestReader reader;
    private readonly RepeatedHeader repeated;

    /// <summary>The dense array that <see cref="batches"/> were made with.</summary>
    private float[] dense = [];

    private int idStart;
    private int idLength;

    public InferRequest(InputLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        Layout = layout;
        inputs = new InputTensor[layout.Slots.Count];
        for (var i = 0; i < inputs.Length; i++)
        {
            inputs[i] = new InputTensor(layout.Slots[i]);
        }

        columns = new SparseColumn[layout.Card.Sparse.Count];
        batches = new FeatureBatch?[layout.MaxSamples + 1];
        reader = new InferRequestReader(this);
        repeated = new RepeatedHeader(this);
    }

    public InputLayout Layout { get; }

    /// <summary>To be filled before <see cref="Read"/>.</summary>
    public RequestBody Body { get; } = new();

    public ProblemList Problems { get; } = new();

    public int Samples { get; private set; }

    /// <summary>
    /// Exactly <see cref="Samples"/> samples in arrays that may be longer; every column has offsets, which for <c>[batch, k]</c> inputs are one
    /// shared array.
    /// </summary>
    public FeatureBatch Batch => batches[Samples] ?? throw new InvalidOperationException("no request was read");

    public ScoreEncoding Encoding { get; internal set; }

    /// <summary>Time from arrival in which the request asks to be answered, microseconds; 0 where it does not say.</summary>
    public long TimeoutUs { get; internal set; }

    /// <summary>Least quality of the paths that may answer the request, in the plan's metric; null where it does not say.</summary>
    public double? QualityMin { get; internal set; }

    /// <summary>The request's id as JSON text with its quotes; empty when it had none.</summary>
    public ReadOnlySpan<byte> Id => Body.Span.Slice(idStart, idLength);

    /// <summary>Bytes of memory that are kept for the next request.</summary>
    public long RetainedBytes
    {
        get
        {
            long bytes = Body.Capacity + repeated.RetainedBytes;
            foreach (var input in inputs)
            {
                bytes += input.RetainedBytes;
            }

            return bytes;
        }
    }

    internal InputTensor[] Inputs => inputs;

    /// <summary>Requests so far whose JSON part was that of the one before.</summary>
    internal long Repeats { get; private set; }

    /// <summary>
    /// Reads <see cref="Body"/>. Returns false, with every problem found in <see cref="Problems"/>, when it is no valid request.
    /// </summary>
    /// <param name="jsonBytes">
    /// Length of the JSON part when raw tensors follow it (<c>Inference-Header-Content-Length</c>); null when all is JSON.
    /// </param>
    public bool Read(long? jsonBytes)
    {
        Problems.Clear();
        if (repeated.TryRead(jsonBytes))
        {
            Repeats++;
            return true;
        }

        repeated.Forget();
        Samples = 0;
        Encoding = ScoreEncoding.Json;
        TimeoutUs = 0;
        QualityMin = null;
        idStart = 0;
        idLength = 0;
        foreach (var input in inputs)
        {
            input.Reset();
        }

        if (jsonBytes is < 0 || jsonBytes > Body.Length)
        {
            Problems.Add($"Inference-Header-Content-Length: found {jsonBytes}, expected 0 to the body's {Body.Length} bytes");
            return false;
        }

        reader.Read((int)(jsonBytes ?? Body.Length), jsonBytes is not null);
        if (Problems.Count > 0)
        {
            return false;
        }

        repeated.Keep(jsonBytes);
        return true;
    }

    internal void SetId(int start, int length)
    {
        idStart = start;
        idLength = length;
    }

    /// <summary>Bounds of a sparse feature's bags, <c>[batch + 1]</c> or longer; valid once its tensors are.</summary>
    internal int[] OffsetsOf(int feature) =>
        inputs[Layout.IdsOf(feature)].IsUniform ? Layout.UniformOffsets(feature) : inputs[Layout.OffsetsOf(feature)].Integers;

    /// <summary>Takes the inputs, all found valid, as the batch of <paramref name="samples"/> samples.</summary>
    internal void Accept(int samples)
    {
        var denseNow = Layout.FirstIds > 0 ? inputs[0].Floats : dense;
        if (!ReferenceEquals(denseNow, dense))
        {
            Array.Clear(batches);
            dense = denseNow;
        }

        for (var f = 0; f < columns.Length; f++)
        {
            columns[f] = new SparseColumn(inputs[Layout.IdsOf(f)].Integers, OffsetsOf(f));
        }

        batches[samples] ??= new FeatureBatch(samples, dense, columns);
        Samples = samples;
    }
}
