using Rectune.Core.Models;
using Rectune.Core.Models.Interactions;
using Xunit;

namespace Rectune.Tests.Models.Interactions;

public sealed class DiagonalPairsTests
{
    [Fact]
    public void TriangleIndices_AnyCount_NameEveryPairExactlyOnce()
    {
        for (var vectors = 2; vectors <= 60; vectors++)
        {
            var named = new DiagonalPairs(vectors).TriangleIndices.ToArray().Where(index => index >= 0).Order();
            Assert.Equal(Enumerable.Range(0, vectors * (vectors - 1) / 2), named);
        }
    }

    [Fact]
    public void TriangleIndices_SliceOfProducts_HoldsThePairItNames()
    {
        // Products written out for five vectors: the matrix with the first vector appended, re-read with one more column, columns 1 to 3.
        const int N = 5;
        var pairs = new DiagonalPairs(N);
        var flat = new List<(int, int)>();
        for (var i = 0; i <= N; i++)
        {
            for (var j = 0; j < N; j++)
            {
                flat.Add((Math.Max(i % N, j), Math.Min(i % N, j)));
            }
        }

        for (var row = 0; row < N; row++)
        {
            for (var c = 0; c < pairs.Diagonals; c++)
            {
                var index = pairs.TriangleIndices[(row * pairs.Diagonals) + c];
                var (larger, smaller) = flat[(row * (N + 1)) + c + 1];
                if (index >= 0)
                {
                    Assert.Equal((larger * (larger - 1) / 2) + smaller, index);
                }
            }
        }
    }

    [Fact]
    public void InputOrder_Weights_AreMovedNotChanged()
    {
        const int Dim = 2;
        var pairs = new DiagonalPairs(4);
        var shape = new LinearShape("top.0", Dim + 6, 1, pairs.InputOrder(Dim));
        var weights = Enumerable.Range(1, Dim + 6).Select(value => (float)value).ToArray();
        var reordered = shape.Reorder(weights);
        Assert.Equal(weights.Order(), reordered.Where(weight => weight != 0).Order());
        Assert.Equal(weights[..Dim], reordered[..Dim]);
        Assert.Equal(Dim + (4 * pairs.Diagonals), reordered.Length);
    }
}
