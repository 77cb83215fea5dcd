using Rectune.Core.Workloads;
using Xunit;

namespace Rectune.Tests.Workloads;

public sealed class RateCourseTests
{
    /// <summary>Two seconds at half the rate, one at twice it: three real seconds for three even ones.</summary>
    private static readonly RateCourse Steps = new([(2, 0.5), (1, 2)]);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 2.5)]
    [InlineData(3, 3)]
    [InlineData(3.5, 4)]
    [InlineData(5, 5.5)]
    [InlineData(3001, 3002)]
    [InlineData(3e9, 3e9)]
    public void RealSeconds_KnownSteps_IsWhenSoManyEvenOnesHavePassed(double even, double real)
        => Assert.Equal(real, Steps.RealSeconds(even), 1e-9 * Math.Max(1, real));

    [Fact]
    public void RealSeconds_AnyCourse_IsWhereWalkingAlongItArrives()
    {
        (double Seconds, double Factor)[] steps = [(0.3, 1.7), (0.1, 0.2), (2, 1), (0.05, 9)];
        var course = new RateCourse(steps);
        var (even, real) = (0.0, 0.0);
        for (var i = 0; i < 40; i++)
        {
            var (seconds, factor) = steps[i % steps.Length];
            Assert.Equal(real + (seconds / 2), course.RealSeconds(even + (seconds * factor / 2)), 1e-9);
            (even, real) = (even + (seconds * factor), real + seconds);
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(double.NaN, 1)]
    [InlineData(1, double.PositiveInfinity)]
    public void Create_StepsThatAreNone_Throws(double seconds, double factor) => Assert.Throws<ArgumentException>(() => new RateCourse([(1, 1), (seconds, factor)]));
}
