using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Models;
using Rectune.Core.Onnx;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Onnx;

public sealed class DenseGraphTests
{
    private const ulong Seed = 11;

    /// <summary>fp32 arithmetic over sums of at most a few dozen products of order one.</summary>
    private const double Tolerance = 1e-5;

    public static TheoryData<string, string> Graphs { get; } =
        [.. ArchitectureCards.Names.SelectMany(name => ModelGraph.Variants(ArchitectureCards.Of(name)).Select(variant => (name, variant)))];

    [Theory]
    [MemberData(nameof(Graphs))]
    public void Write_EveryArchitecture_ScoresAsTheSlowReference(string name, string variant)
    {
        var card = ArchitectureCards.Of(name);
        var samples = ModelSample.Draw(card, 40, Seed);
        var scores = GraphRun.Scores(Graph(card, variant), card, samples);
        Assert.All(samples, (sample, i) => AssertNear(Expected(card, sample), scores[i]));
    }

    [Theory]
    [MemberData(nameof(Graphs))]
    public void Write_BatchOfSeven_ScoresAsSevenBatchesOfOne(string name, string variant)
    {
        var card = ArchitectureCards.Of(name);
        var samples = ModelSample.Draw(card, 7, Seed);
        var graph = Graph(card, variant);
        var scores = GraphRun.Scores(graph, card, samples);
        Assert.All(samples, (sample, i) => AssertNear(GraphRun.Scores(graph, card, [sample])[0], scores[i]));
    }

    [Theory]
    [MemberData(nameof(Graphs))]
    public void Write_SamplesInAnotherOrder_ScoreTheSame(string name, string variant)
    {
        var card = ArchitectureCards.Of(name);
        var samples = ModelSample.Draw(card, 7, Seed);
        int[] order = [4, 0, 6, 2, 5, 1, 3];
        var graph = Graph(card, variant);
        var scores = GraphRun.Scores(graph, card, samples);
        var permuted = GraphRun.Scores(graph, card, [.. order.Select(i => samples[i])]);
        Assert.All(order, (from, to) => AssertNear(scores[from], permuted[to]));
    }

    /// <summary>The graph reads what the reference reads, and that is what the model's size counts.</summary>
    [Theory]
    [MemberData(nameof(Graphs))]
    public void Write_EveryArchitecture_ReadsTheParametersOfTheReference(string name, string variant)
    {
        var card = ArchitectureCards.Of(name);
        var (ofGraph, ofReference) = (new UnevenParameters(Seed), new UnevenParameters(Seed));
        DenseGraph.Write(new VectorLayout(card), ofGraph, variant);
        var full = ModelSample.Draw(card, 2, Seed)[1];
        SlowModel.Scores(card, ofReference, full.Dense, full.Rows);
        Assert.Equal(ofReference.Asked, ofGraph.Asked);
        Assert.Equal(ofReference.Asked.Values.Sum(), new ModelSize(card).DenseParameters);
    }

    [Fact]
    public void Write_AnyValidCard_ScoresAsTheSlowReference() => Assert.All(Enumerable.Range(0, 100), seed =>
    {
        var card = CardFormat.Read(CardFormat.Write(new RandomCards((ulong)seed).Create()), "card.json");
        var samples = ModelSample.Draw(card, 5, (ulong)seed);
        foreach (var variant in ModelGraph.Variants(card))
        {
            var scores = GraphRun.Scores(Graph(card, variant), card, samples);
            Assert.All(samples, (sample, i) => AssertNear(Expected(card, sample), scores[i]));
        }
    });

    /// <summary>A node of the graph had this name.</summary>
    [Theory]
    [InlineData("target attention", "sum")]
    [InlineData("attentional GRU", "sum.flat")]
    public void Write_FeatureNamedLikeANode_ScoresAsTheSlowReference(string name, string feature)
    {
        var card = ArchitectureCards.Of(name);
        card = card with { Sparse = [.. card.Sparse.Select(f => f.Name == "items" ? f with { Name = feature } : f.Name == "categories" ? f with { Name = "sum.flat.flat" } : f)] };
        var samples = ModelSample.Draw(card, 4, Seed);
        var scores = GraphRun.Scores(Graph(card, GraphVariants.Default), card, samples);
        Assert.All(samples, (sample, i) => AssertNear(Expected(card, sample), scores[i]));
    }

    private static byte[] Graph(ModelCard card, string variant) => DenseGraph.Write(new VectorLayout(card), new UnevenParameters(Seed), variant);

    private static double[] Expected(ModelCard card, ModelSample sample) => SlowModel.Scores(card, new UnevenParameters(Seed), sample.Dense, sample.Rows);

    private static void AssertNear(IReadOnlyList<double> expected, float[] found)
    {
        Assert.Equal(expected.Count, found.Length);
        Assert.All(expected, (value, i) => Assert.Equal(value, found[i], Tolerance));
    }

    private static void AssertNear(float[] expected, float[] found) => AssertNear(Array.ConvertAll(expected, value => (double)value), found);
}
