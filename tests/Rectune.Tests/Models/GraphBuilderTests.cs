using Rectune.Core.Models;
using Xunit;

namespace Rectune.Tests.Models;

/// <summary>Extents, parameters and work that are counted while a graph is built.</summary>
public sealed class GraphBuilderTests
{
    private readonly GraphBuilder graph = new(new NoGraph());

    [Fact]
    public void Concat_AnyAxis_AddsUpTheExtentsOfThatAxis()
    {
        var (a, b) = (graph.Input("a", 4, 3), graph.Input("b", 4, 5));
        Assert.Equal([4, 8], graph.Concat("wide", a, b).Extents);
        Assert.Equal([8, 3], graph.Concat("high", -2, a, graph.Input("c", 4, 3)).Extents);
        Assert.Same(a, graph.Concat("alone", a));
    }

    [Fact]
    public void Slice_AnyAxis_KeepsTheOthers()
    {
        var x = graph.Input("x", 4, 9);
        Assert.Equal([4, 3], graph.Slice("columns", x, 2, 5).Extents);
        Assert.Equal([1, 9], graph.Slice("row", x, 3, 4, axis: -2).Extents);
        Assert.Same(x, graph.Slice("all", x, 0, 9));
        Assert.Same(x, graph.Slice("all rows", x, 0, 4, axis: -2));
    }

    [Fact]
    public void Reshape_OtherNumberOfElements_IsABug()
    {
        var x = graph.Input("x", 4, 9);
        Assert.Equal([6, 2, 3], graph.Reshape("fits", x, 6, 2, 3).Extents);
        Assert.Contains("36 elements do not fill 35", Assert.Throws<ArgumentException>(() => graph.Reshape("short", x, 5, 7)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Elementwise_UnequalRanks_BroadcastsFromTheLastAxis()
    {
        var (column, row, matrix) = (graph.Input("column", 4, 1), graph.Input("row", 3), graph.Input("matrix", 4, 3));
        Assert.Equal([4, 3], graph.Add("outer", column, row).Extents);
        Assert.Equal([4, 3], graph.Subtract("left", row, matrix).Extents);
        Assert.Equal([4, 3], graph.Multiply("right", matrix, column).Extents);
        Assert.Equal(0, graph.Flops);
    }

    [Fact]
    public void Sum_Axis_IsDropped()
    {
        var x = graph.Input("x", 4, 9);
        Assert.Equal([4], graph.Sum("rows", x, axis: -1).Extents);
        Assert.Equal([9], graph.Sum("columns", x, axis: -2).Extents);
        Assert.Equal([9, 4], graph.Transpose(x).Extents);
    }

    [Fact]
    public void Linear_OverSteps_HasItsWeightsOnceAndItsWorkEveryStep()
    {
        Assert.Equal([5, 7], graph.Linear("layer", graph.Input("x", 5, 3), 7, Activation.Relu).Extents);
        Assert.Equal((3 * 7) + 7, graph.Parameters);
        Assert.Equal(2 * 5 * 3 * 7, graph.Flops);
    }

    /// <summary>What the graph delivers beyond the layer's inputs is the form of the graph, not the model's work.</summary>
    [Fact]
    public void Linear_InAnotherOrder_CountsTheInputsOfTheModel()
    {
        graph.Linear("layer", graph.Input("x", 4), 7, Activation.None, inputOrder: [2, -1, 0, 1], inputs: 3);
        Assert.Equal((3 * 7) + 7, graph.Parameters);
        Assert.Equal(2 * 3 * 7, graph.Flops);
    }

    [Fact]
    public void Projection_HasNoBias()
    {
        graph.Projection("layer", graph.Input("x", 5, 3), 7);
        Assert.Equal(3 * 7, graph.Parameters);
        Assert.Equal(2 * 5 * 3 * 7, graph.Flops);
    }

    [Fact]
    public void Matrix_UsedTwice_WorksTwiceButHasItsWeightsOnce()
    {
        var x = graph.Input("x", 3);
        var shared = graph.Matrix("shared", 3, 7);
        graph.MatMul("first", x, shared);
        graph.MatMul("second", x, shared);
        Assert.Equal(3 * 7, graph.Parameters);
        Assert.Equal(2 * 2 * 3 * 7, graph.Flops);
    }

    [Fact]
    public void Values_OfEveryOperator_AreCountedButViewsAreNot()
    {
        var x = graph.Linear("layer", graph.Input("x", 5, 3), 7, Activation.Relu);
        Assert.Equal((2, 2 * 5 * 7), (graph.Operators, graph.Values));
        var flat = graph.Reshape("flat", x, 35);
        Assert.Equal((2, 2 * 5 * 7), (graph.Operators, graph.Values));
        graph.Slice("part", graph.Projection("projected", flat, 4), 1, 3);
        Assert.Equal((4, (2 * 5 * 7) + 4 + 2), (graph.Operators, graph.Values));
    }

    [Fact]
    public void MatMul_Matrices_CountsTwoOperationsAProduct()
    {
        Assert.Equal([5, 4], graph.MatMul("product", graph.Input("a", 5, 3), graph.Input("b", 3, 4)).Extents);
        Assert.Equal(2 * 5 * 3 * 4, graph.Flops);
        Assert.Equal(0, graph.Parameters);
    }

    [Fact]
    public void Stack_PRelu_HasASlopeAnOutputOfEveryLayer()
    {
        Assert.Equal([4], graph.Stack("stack", graph.Input("x", 3), [6, 4], Activation.PRelu, Activation.PRelu).Extents);
        Assert.Equal((3 * 6) + 6 + 6 + (6 * 4) + 4 + 4, graph.Parameters);
    }
}
