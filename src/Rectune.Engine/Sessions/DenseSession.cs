using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Rectune.Core.Domain;
using Rectune.Engine.Kernels;

namespace Rectune.Engine.Sessions;

/// <summary>
/// The dense graph loaded into ONNX Runtime with fixed input and output buffers. Bindings exist for every batch size from the start, so a run allocates
/// nothing. Not safe for concurrent use: one instance, one session.
/// </summary>
public sealed unsafe class DenseSession : IDisposable
{
    private readonly InferenceSession session;
    private readonly RunOptions runOptions = new();
    private readonly NativeBuffer dense;
    private readonly NativeBuffer pooled;
    private readonly NativeBuffer scores;
    private readonly OrtIoBinding[] bindings;
    private readonly List<OrtValue> values = [];

    /// <param name="graph">An ONNX file with the tensors named in <see cref="DenseTensors"/>.</param>
    /// <param name="denseWidth">Width of the dense input; 0 where the graph has none.</param>
    /// <param name="pooledWidth">Sum of the tables' dims.</param>
    /// <param name="outputs">Scores of a sample.</param>
    /// <param name="maxBatch">Largest batch that will be run.</param>
    /// <param name="threads">Intra-op threads; 1 runs on the caller's thread.</param>
    /// <param name="options">Runtime options.</param>
    public DenseSession(byte[] graph, int denseWidth, int pooledWidth, int outputs, int maxBatch, int threads, Core.Domain.RuntimeOptions options)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(options);
        DenseWidth = denseWidth;
        PooledWidth = pooledWidth;
        Outputs = outputs;
        MaxBatch = maxBatch;
        using var sessionOptions = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        sessionOptions.AddSessionConfigEntry("session.intra_op.allow_spinning", options.Spinning ? "1" : "0");
        session = new InferenceSession(graph, sessionOptions);
        dense = new NativeBuffer((long)maxBatch * denseWidth * sizeof(float));
        pooled = new NativeBuffer((long)maxBatch * pooledWidth * sizeof(float));
        scores = new NativeBuffer((long)maxBatch * outputs * sizeof(float));
        bindings = new OrtIoBinding[maxBatch + 1];
        for (var batch = 1; batch <= maxBatch; batch++)
        {
            bindings[batch] = session.CreateIoBinding();
            if (denseWidth > 0)
            {
                bindings[batch].BindInput(DenseTensors.Dense, Bound(dense, batch, denseWidth));
            }

            bindings[batch].BindInput(DenseTensors.Pooled, Bound(pooled, batch, pooledWidth));
            bindings[batch].BindOutput(DenseTensors.Score, Bound(scores, batch, outputs));
        }
    }

    public int DenseWidth { get; }

    public int PooledWidth { get; }

    /// <summary>Scores of a sample.</summary>
    public int Outputs { get; }

    public int MaxBatch { get; }

    /// <summary>Bytes of the fixed buffers.</summary>
    public long BufferBytes => dense.Bytes + pooled.Bytes + scores.Bytes;

    /// <summary><c>[max batch, dense width]</c>, to be filled before a run.</summary>
    public Span<float> Dense => new(dense.Pointer, MaxBatch * DenseWidth);

    /// <summary><c>[max batch, pooled width]</c>, to be filled before a run.</summary>
    public Span<float> Pooled => new(pooled.Pointer, MaxBatch * PooledWidth);

    /// <summary><c>[max batch, outputs]</c>, valid up to the batch of the last run.</summary>
    public ReadOnlySpan<float> Scores => new(scores.Pointer, MaxBatch * Outputs);

    /// <summary>Scores the first <paramref name="batch"/> rows of the input buffers.</summary>
    public void Run(int batch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch, MaxBatch);
        session.RunWithBinding(runOptions, bindings[batch]);
    }

    public void Dispose()
    {
        foreach (var binding in bindings)
        {
            binding?.Dispose();
        }

        foreach (var value in values)
        {
            value.Dispose();
        }

        runOptions.Dispose();
        session.Dispose();
        dense.Dispose();
        pooled.Dispose();
        scores.Dispose();
    }

    private OrtValue Bound(NativeBuffer buffer, int batch, int width)
    {
        var value = OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, TensorElementType.Float, [batch, width], (nint)buffer.Pointer, (long)batch * width * sizeof(float));
        values.Add(value);
        return value;
    }
}
