using FsCheck;
using FsCheck.Fluent;
using Rectune.Core.Search;
using Xunit;

namespace Rectune.Tests.Search;

public sealed class ParetoFrontTests
{
    private static readonly Config Seeded = Config.QuickThrowOnFailure.WithReplay(20261121, 1).WithMaxTest(200);

    /// <summary>Few distinct values, so that ties and duplicates are common.</summary>
    private static readonly Arbitrary<double[][]> Points =
        Gen.Choose(0, 6).Select(value => (double)value).ArrayOf(3).ArrayOf().ToArbitrary();

    [Fact]
    public void Of_AnyPoints_EqualsQuadraticReference() => Prop.ForAll(Points, points =>
    {
        var expected = Enumerable.Range(0, points.Length).Where(i => !points.Any(other => SlowDominates(other, points[i])));
        return expected.SequenceEqual(ParetoFront.Of(points));
    }).Check(Seeded);

    [Fact]
    public void Of_AnyPoints_OrderOfInputIsIrrelevant() => Prop.ForAll(Points, points =>
    {
        var reversed = points.Reverse().ToArray();
        var forward = ParetoFront.Of(points).Select(i => string.Join(',', points[i])).Order();
        var backward = ParetoFront.Of(reversed).Select(i => string.Join(',', reversed[i])).Order();
        return forward.SequenceEqual(backward);
    }).Check(Seeded);

    [Fact]
    public void Dominates_DifferentLengths_Throws() => Assert.Throws<ArgumentException>(() => ParetoFront.Dominates([1, 2], [1]));

    private static bool SlowDominates(double[] a, double[] b) => a.Zip(b).All(p => p.First >= p.Second) && a.Zip(b).Any(p => p.First > p.Second);
}
