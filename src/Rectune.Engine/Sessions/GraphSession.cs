using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Rectune.Engine.Kernels;

namespace Rectune.Engine.Sessions;

/// <summary>
/// A graph loaded into ONNX Runtime with fixed input and output buffers. Bindings exist for every number of rows from the start, so a run allocates nothing. Not safe for
/// concurrent use: one instance, one session.
/// </summary>
public sealed unsafe class GraphSession : IDisposable
{
    private readonly InferenceSession session;
    private readonly RunOptions runOptions = new();
    private readonly TensorWidth[] inputs;
    private readonly TensorWidth[] outputs;
    private readonly NativeBuffer[] inputBuffers;
    private readonly NativeBuffer[] outputBuffers;
    private readonly OrtIoBinding[] bindings;
    private readonly List<OrtValue> values = [];

    /// <param name="graph">An ONNX file.</param>
    /// <param name="inputs">All of its inputs, each fp32 <c>[rows, width]</c>.</param>
    /// <param name="outputs">Those of its outputs that are wanted.</param>
    /// <param name="maxRows">Most rows of a run.</param>
    /// <param name="threads">Intra-op threads; 1 runs on the caller's thread.</param>
    /// <param name="options">Runtime options.</param>
    /// <param name="oneByOne">The graph takes one row at a time; a run of several rows is several calls.</param>
    public GraphSession(
        byte[] graph, IReadOnlyList<TensorWidth> inputs, IReadOnlyList<TensorWidth> outputs, int maxRows, int threads, Core.Domain.RuntimeOptions options, bool oneByOne = false)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(options);
        (this.inputs, this.outputs) = ([.. inputs], [.. outputs]);
        MaxRows = maxRows;
        OneByOne = oneByOne;
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
        inputBuffers = Array.ConvertAll(this.inputs, Buffer);
        outputBuffers = Array.ConvertAll(this.outputs, Buffer);
        bindings = new OrtIoBinding[maxRows];
        for (var i = 0; i < maxRows; i++)
        {
            bindings[i] = session.CreateIoBinding();
            for (var t = 0; t < inputBuffers.Length; t++)
            {
                bindings[i].BindInput(this.inputs[t].Name, Bound(inputBuffers[t], this.inputs[t].Width, i));
            }

            for (var t = 0; t < outputBuffers.Length; t++)
            {
                bindings[i].BindOutput(this.outputs[t].Name, Bound(outputBuffers[t], this.outputs[t].Width, i));
            }
        }
    }

    public int MaxRows { get; }

    public bool OneByOne { get; }

    /// <summary>Bytes of the fixed buffers.</summary>
    public long BufferBytes => inputBuffers.Concat(outputBuffers).Sum(buffer => buffer.Bytes);

    /// <summary><c>[max rows, width]</c>, to be filled before a run.</summary>
    public Span<float> Input(int index) => new(inputBuffers[index].Pointer, MaxRows * inputs[index].Width);

    /// <summary><c>[max rows, width]</c>, valid up to the rows of the last run.</summary>
    public ReadOnlySpan<float> Output(int index) => new(outputBuffers[index].Pointer, MaxRows * outputs[index].Width);

    /// <summary>Computes the first <paramref name="rows"/> rows of the outputs from those of the inputs.</summary>
    public void Run(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, MaxRows);
        for (var i = OneByOne ? 0 : rows - 1; i < rows; i++)
        {
            session.RunWithBinding(runOptions, bindings[i]);
        }
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
        foreach (var buffer in inputBuffers.Concat(outputBuffers))
        {
            buffer.Dispose();
        }
    }

    private NativeBuffer Buffer(TensorWidth tensor) => new((long)MaxRows * tensor.Width * sizeof(float));

    /// <summary>The first <paramref name="index"/> + 1 rows, or row <paramref name="index"/> alone where rows go one by one.</summary>
    private OrtValue Bound(NativeBuffer buffer, int width, int index)
    {
        var rows = OneByOne ? 1 : index + 1;
        var first = OneByOne ? (long)index * width * sizeof(float) : 0;
        var value = OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, TensorElementType.Float, [rows, width], (nint)(buffer.Pointer + first), (long)rows * width * sizeof(float));
        values.Add(value);
        return value;
    }
}
