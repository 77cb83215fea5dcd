using Microsoft.ML.OnnxRuntime;
using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Numerics;
using Rectune.Core.Onnx;
using Rectune.Engine.Kernels;

namespace Rectune.Engine.Limits;

/// <summary>The most arithmetic that ONNX Runtime gets out of this machine: Y = X·W with a constant W, as in a dense layer, square.</summary>
internal static unsafe class GemmPeak
{
    /// <summary>Rows and columns of X and W.</summary>
    public static IReadOnlyList<int> Sizes { get; } = [256, 512, 1024, 2048, 4096];

    /// <summary>The best run of as many as fit in <paramref name="limit"/>, at least three; in 10⁹ multiplications and additions a second, 2·size³ a run.</summary>
    public static double Measure(int size, int threads, TimeSpan limit, TimeProvider clock, string precision = DensePrecision.Fp32)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        using var session = new InferenceSession(precision == DensePrecision.Fp32 ? Graph(size) : Layer(size), options);
        using var run = new RunOptions();
        var bytes = (long)size * size * sizeof(float);
        using var x = new NativeBuffer(bytes);
        using var y = new NativeBuffer(bytes);
        new Span<float>(x.Pointer, size * size).Fill(1);
        using var input = Tensor(x, size);
        using var output = Tensor(y, size);
        using var binding = session.CreateIoBinding();
        binding.BindInput("x", input);
        binding.BindOutput("y", output);

        var best = 0.0;
        var begun = clock.GetTimestamp();
        for (var pass = 0; pass < 3 || clock.GetElapsedTime(begun) < limit; pass++)
        {
            var start = clock.GetTimestamp();
            session.RunWithBinding(run, binding);
            best = Math.Max(best, 2.0 * size * size * size / clock.GetElapsedTime(start).TotalSeconds / 1e9);
        }

        if (precision == DensePrecision.Fp32)
        {
            Check(size, new ReadOnlySpan<float>(y.Pointer, size * size));
        }

        return best;
    }

    private static byte[] Graph(int size)
    {
        var graph = new GraphWriter("gemm", new RandomParameters(1));
        graph.Input("x", [size]);
        graph.Singles("w", Weights(size), [size, size]);
        graph.Node("MatMul", "product", ["x", "w"]);
        graph.Output("product", "y", [size]);
        return graph.ToBytes();
    }

    /// <summary>A layer in eight bits as paths have it, its inputs rounded run by run.</summary>
    private static byte[] Layer(int size)
    {
        var graph = new GraphWriter("gemm", new RandomParameters(1));
        graph.Input("x", [size]);
        new ByteLayerWriter().Write(graph, "product", "x", rank: 2, new LinearShape("layer", size, size, HasBias: false));
        graph.Output("product", "y", [size]);
        return graph.ToBytes();
    }

    /// <summary>Whole numbers from −2 to 2, whose sums are exact in fp32 in any order.</summary>
    private static float[] Weights(int size)
    {
        var random = new SplitMix64(1);
        var weights = new float[size * size];
        foreach (ref var weight in weights.AsSpan())
        {
            weight = random.NextInt64(5) - 2;
        }

        return weights;
    }

    /// <summary>X is all ones, so every row of Y holds the column sums of W.</summary>
    private static void Check(int size, ReadOnlySpan<float> y)
    {
        var sums = new float[size];
        var weights = Weights(size);
        for (var i = 0; i < weights.Length; i++)
        {
            sums[i % size] += weights[i];
        }

        if (!y[..size].SequenceEqual(sums) || !y[^size..].SequenceEqual(sums))
        {
            throw new InvalidOperationException($"the product of size {size} is wrong");
        }
    }

    private static OrtValue Tensor(NativeBuffer buffer, int size) => OrtValue.CreateTensorValueWithData(
        OrtMemoryInfo.DefaultInstance, Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float, [size, size], (nint)buffer.Pointer, buffer.Bytes);
}
