using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Rectune.Core.Domain;
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
    private readonly int blockRows;
    private readonly int bufferRows;

    /// <param name="graph">An ONNX file.</param>
    /// <param name="inputs">All of its inputs, each fp32 <c>[rows, width]</c>; those of no width are not the graph's.</param>
    /// <param name="outputs">Those of its outputs that are wanted.</param>
    /// <param name="maxRows">Most rows of a run.</param>
    /// <param name="setup">Intra-op threads, and where a trace goes.</param>
    /// <param name="blockRows">The graph takes exactly so many rows at a time, and a run of more is several calls; 0 where it takes any number.</param>
    /// <param name="name">In the trace.</param>
    public GraphSession(
        byte[] graph, IReadOnlyList<TensorWidth> inputs, IReadOnlyList<TensorWidth> outputs, int maxRows, InstanceSetup setup, int blockRows = 0, string name = OperatorTime.Dense)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(setup);
        (this.inputs, this.outputs) = ([.. inputs], [.. outputs]);
        MaxRows = maxRows;
        this.blockRows = blockRows;
        bufferRows = blockRows == 0 ? maxRows : (maxRows + blockRows - 1) / blockRows * blockRows;
        using var sessionOptions = new SessionOptions
        {
            IntraOpNumThreads = setup.Threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,

            // A pattern is a block of memory for each number of rows, touched for the first time at its second run; a server meets hundreds of numbers.
            EnableMemoryPattern = false,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        sessionOptions.AddSessionConfigEntry("session.intra_op.allow_spinning", setup.Options.Spinning ? "1" : "0");
        if (setup.HelperAffinities() is { } affinities)
        {
            sessionOptions.AddSessionConfigEntry("session.intra_op_thread_affinities", affinities);
        }

        if (setup.NextTrace(name) is { } trace)
        {
            sessionOptions.ProfileOutputPathPrefix = trace;
            sessionOptions.EnableProfiling = true;
        }

        session = new InferenceSession(graph, sessionOptions);
        inputBuffers = Array.ConvertAll(this.inputs, Buffer);
        outputBuffers = Array.ConvertAll(this.outputs, Buffer);
        bindings = new OrtIoBinding[blockRows == 0 ? maxRows : bufferRows / blockRows];
        for (var i = 0; i < bindings.Length; i++)
        {
            bindings[i] = session.CreateIoBinding();
            for (var t = 0; t < inputBuffers.Length; t++)
            {
                if (this.inputs[t].Width > 0)
                {
                    bindings[i].BindInput(this.inputs[t].Name, Bound(inputBuffers[t], this.inputs[t].Width, i));
                }
            }

            for (var t = 0; t < outputBuffers.Length; t++)
            {
                bindings[i].BindOutput(this.outputs[t].Name, Bound(outputBuffers[t], this.outputs[t].Width, i));
            }
        }
    }

    public int MaxRows { get; }

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
        if (blockRows == 0)
        {
            session.RunWithBinding(runOptions, bindings[rows - 1]);
            return;
        }

        // Rows behind the last are whatever an earlier run left: computed, and read by nobody.
        for (var i = 0; i * blockRows < rows; i++)
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

    /// <summary>Zeroed: behind the last row of a block stand values that a graph may take for ids.</summary>
    private NativeBuffer Buffer(TensorWidth tensor)
    {
        var buffer = new NativeBuffer((long)bufferRows * tensor.Width * sizeof(float));
        new Span<float>(buffer.Pointer, bufferRows * tensor.Width).Clear();
        return buffer;
    }

    /// <summary>The first <paramref name="index"/> + 1 rows, or block <paramref name="index"/> alone.</summary>
    private OrtValue Bound(NativeBuffer buffer, int width, int index)
    {
        var rows = blockRows == 0 ? index + 1 : blockRows;
        var first = (long)index * blockRows * width * sizeof(float);
        var value = OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, TensorElementType.Float, [rows, width], (nint)(buffer.Pointer + first), (long)rows * width * sizeof(float));
        values.Add(value);
        return value;
    }
}
