using Rectune.Core.Domain;
using Rectune.Core.Onnx;

namespace Rectune.Engine.Import;

/// <summary>The card of a user's model file.</summary>
public static class FileCard
{
    /// <param name="model">The file, taken apart.</param>
    /// <param name="proof">What comparing both forms has shown.</param>
    public static ModelCard Of(OnnxModelFile model, LiftProof proof)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(proof);
        var lifted = model.Lifted;
        return new ModelCard
        {
            Schema = ModelCard.SchemaName,
            Name = Path.GetFileNameWithoutExtension(model.Path),
            Description = $"the graph of {Path.GetFileName(model.Path)} with {lifted.Tables.Count} tables looked up outside of it",
            Source = "the model file",
            DenseFeatures = lifted.DenseWidth,
            Sparse = [.. lifted.Features.Select((feature, i) => Feature(lifted, feature, i))],
            BottomMlp = [],
            Interaction = InteractionKind.Onnx,
            TopMlp = [],
            Output = OutputKind.None,
            Graph = new FileGraph
            {
                File = model.Path,
                Sha256 = model.Sha256(),
                Output = lifted.Output,
                Outputs = lifted.ScoreWidth,
                Bytes = model.Graph.LongLength,
                BatchStep = proof.IsBatchable ? 0 : checked((int)(lifted.ExportedBatch ?? 1)),
                ComparedSamples = proof.Samples,
                MaxAbsError = proof.MaxAbsError,
                DenseIds = [.. lifted.DenseInputs.Where(input => input.Rows is not null).Select(input => new DenseIds { Column = input.Offset, Width = input.Width, Rows = input.Rows!.Value })],
            },
            Skew = new CardSkew { ZipfExponent = 0, Source = Provenance.Assumed, Where = "a model file says nothing of it; uniform ids are the worst case for caches" },
            Sla = new CardSla { Percentile = 99, LimitMs = 100, Source = Provenance.Assumed, Where = "a model file states no target" },
        };
    }

    private static SparseFeature Feature(LiftedModel lifted, LiftedFeature feature, int index)
    {
        var owner = lifted.Features.Take(index).FirstOrDefault(f => f.Table == feature.Table);
        return new SparseFeature
        {
            Name = feature.Name,
            Rows = feature.Rows,
            Dim = feature.Dim,
            Lookups = feature.Ids,
            Sequence = !feature.IsPooled && feature.Ids > 1,
            Table = owner?.Name,
            Ids = lifted.Features.Take(index).FirstOrDefault(f => f.Input == feature.Input && f.FirstId == feature.FirstId && f.Ids == feature.Ids)?.Name,
        };
    }
}
