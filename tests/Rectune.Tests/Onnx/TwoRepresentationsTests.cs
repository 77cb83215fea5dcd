using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Onnx;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Onnx;

/// <summary>Models in which every feature has two vectors. The row holds all features' first vectors, then all features' second ones.</summary>
public sealed class TwoRepresentationsTests
{
    private const ulong Seed = 19;

    public static TheoryData<string, string> Graphs => DenseGraphTests.Graphs;

    [Theory]
    [MemberData(nameof(Graphs))]
    public void Write_TwoVectorsAFeature_ScoresAsTheSlowReference(string name, string variant)
    {
        var card = ArchitectureCards.Of(name);
        var model = card.Sparse[0].Group is null ? TwiceAsMany(card) : TwiceAsWide(card);
        var samples = ModelSample.Draw(model, 10, Seed);
        var graph = DenseGraph.Write(new VectorLayout(card, representations: 2), new UnevenParameters(Seed), variant);
        var scores = GraphRun.Scores(graph, card, [.. samples.Select(sample => sample.Dense)], [.. samples.Select(sample => Row(card, sample))]);
        for (var i = 0; i < samples.Length; i++)
        {
            var expected = SlowModel.Scores(model, new UnevenParameters(Seed), samples[i].Dense, samples[i].Rows);
            Assert.Equal(expected.Length, scores[i].Length);
            Assert.All(expected, (value, output) => Assert.Equal(value, scores[i][output], 1e-5));
        }
    }

    /// <summary>Where all features are alike, a second vector is as good as another feature.</summary>
    private static ModelCard TwiceAsMany(ModelCard card) => card with { Sparse = [.. card.Sparse, .. card.Sparse.Select(f => f with { Name = f.Name + "'" })] };

    /// <summary>Where features have parts to play, a feature's two vectors are one of twice the width.</summary>
    private static ModelCard TwiceAsWide(ModelCard card) => card with { Sparse = [.. card.Sparse.Select(f => f with { Dim = 2 * f.Dim })] };

    private static float[] Row(ModelCard card, ModelSample sample)
    {
        if (card.Sparse[0].Group is null)
        {
            return sample.Pooled(TwiceAsMany(card));
        }

        var first = new ModelSample([], Halves(card, sample, ..1)).Pooled(card);
        var second = new ModelSample([], Halves(card, sample, 1..)).Pooled(card);
        return card.Sparse.Any(f => f.Sequence) ? [.. first[..^1], .. second] : [.. first, .. second];
    }

    /// <summary>Every vector's first or second half.</summary>
    private static double[][][] Halves(ModelCard card, ModelSample sample, Range half) =>
        [.. sample.Rows.Select((rows, feature) => Array.ConvertAll(rows, row => row.Chunk(card.Sparse[feature].Dim).ToArray()[half].Single()))];
}
