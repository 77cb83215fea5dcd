using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Rectune.Core.Models;
using Rectune.Core.Onnx;
using Rectune.Engine.Kernels;

namespace Rectune.Benchmarks.Dhe;

/// <summary>The same decoders as one chain: a batched product over features, <c>[26, batch, in] · [26, in, out]</c>, its bias and ReLU behind it.</summary>
internal sealed unsafe class BatchedDecoders : IDecoderForm
{
    private const string Input = "encodings";
    private const string Output = "vectors";

    private readonly DecoderWorkload workload;
    private readonly InferenceSession session;
    private readonly RunOptions run = new();
    private readonly NativeBuffer encodings;
    private readonly NativeBuffer vectors;
    private readonly OrtValue input;
    private readonly OrtValue output;
    private readonly OrtIoBinding binding;

    public BatchedDecoders(DecoderWorkload workload, int threads)
    {
        this.workload = workload;
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        session = new InferenceSession(Graph(workload), options);
        encodings = new NativeBuffer((long)workload.Features * EncodingsPerFeature * sizeof(float));
        vectors = new NativeBuffer((long)workload.Features * VectorsPerFeature * sizeof(float));
        input = Tensor(encodings, workload.Hashes);
        output = Tensor(vectors, DecoderWorkload.Dim);
        binding = session.CreateIoBinding();
        binding.BindInput(Input, input);
        binding.BindOutput(Output, output);
    }

    public string Name => "one batched product a layer";

    private static int VectorsPerFeature => DecoderWorkload.Batch * DecoderWorkload.Dim;

    private int EncodingsPerFeature => DecoderWorkload.Batch * workload.Hashes;

    public void Encode()
    {
        for (var feature = 0; feature < workload.Features; feature++)
        {
            workload.Encode(feature, new Span<float>((float*)encodings.Pointer + ((long)feature * EncodingsPerFeature), EncodingsPerFeature));
        }
    }

    public void Decode() => session.RunWithBinding(run, binding);

    public ReadOnlySpan<float> Vectors(int feature) => new((float*)vectors.Pointer + ((long)feature * VectorsPerFeature), VectorsPerFeature);

    public void Dispose()
    {
        binding.Dispose();
        input.Dispose();
        output.Dispose();
        vectors.Dispose();
        encodings.Dispose();
        run.Dispose();
        session.Dispose();
    }

    private static byte[] Graph(DecoderWorkload workload)
    {
        var parameters = new RandomParameters(DecoderWorkload.Seed);
        var graph = new GraphWriter("decoders", parameters);

        // The writer's first axis, elsewhere the batch, is here the features.
        graph.Input(Input, [DecoderWorkload.Batch, workload.Hashes]);
        var (x, width) = (Input, workload.Hashes);
        for (var layer = 0; layer < workload.Widths.Count; layer++)
        {
            var shapes = workload.Group.Slots.Select(slot => new LinearShape($"{workload.Design.TableOf(slot)}.decoder.{layer}", width, workload.Widths[layer])).ToArray();
            graph.Singles(
                $"weight.{layer}",
                [.. shapes.SelectMany(shape => Matrices.Transpose(parameters.Values(shape.Weight), shape.Outputs, shape.Inputs))],
                [shapes.Length, width, workload.Widths[layer]]);
            graph.Singles($"bias.{layer}", [.. shapes.SelectMany(shape => parameters.Values(shape.Bias))], [shapes.Length, 1, workload.Widths[layer]]);
            graph.Node("MatMul", $"product.{layer}", [x, $"weight.{layer}"]);
            graph.Node("Add", $"sum.{layer}", [$"product.{layer}", $"bias.{layer}"]);
            x = $"sum.{layer}";
            if (layer + 1 < workload.Widths.Count)
            {
                graph.Node("Relu", $"relu.{layer}", [x]);
                x = $"relu.{layer}";
            }

            width = workload.Widths[layer];
        }

        graph.Output(x, Output, [DecoderWorkload.Batch, width]);
        return graph.ToBytes();
    }

    private OrtValue Tensor(NativeBuffer buffer, int width) => OrtValue.CreateTensorValueWithData(
        OrtMemoryInfo.DefaultInstance, TensorElementType.Float, [workload.Features, DecoderWorkload.Batch, width], (nint)buffer.Pointer, buffer.Bytes);
}
