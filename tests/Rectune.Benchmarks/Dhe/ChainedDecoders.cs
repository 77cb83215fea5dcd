using Rectune.Core.Domain;
using Rectune.Engine.Kernels;
using Rectune.Engine.Sessions;

namespace Rectune.Benchmarks.Dhe;

/// <summary>As a path of one thread decodes: one graph with a chain of layers a feature, each a <c>Gemm</c> with its bias and activation fused.</summary>
internal sealed class ChainedDecoders(DecoderWorkload workload, int threads) : IDecoderForm
{
    private readonly GraphSession session = workload.Graphs.LoadDecoder(workload.Design, workload.Group, DecoderWorkload.Batch, new InstanceSetup(threads, new RuntimeOptions(), CoreSet.Any));

    public string Name => "a chain a feature, layers over threads";

    public void Encode()
    {
        for (var feature = 0; feature < workload.Features; feature++)
        {
            workload.Encode(feature, session.Input(feature));
        }
    }

    public void Decode() => session.Run(DecoderWorkload.Batch);

    public ReadOnlySpan<float> Vectors(int feature) => session.Output(feature);

    public void Dispose() => session.Dispose();
}
