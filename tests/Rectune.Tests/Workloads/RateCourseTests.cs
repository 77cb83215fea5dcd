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
    public void RealSeconds_KnownSteps_IsWhenSoManyEvenOnesHavePassed(double even, double real)
    {
        var step = 0L;
        Assert.Equal(real, Steps.RealSeconds(even, ref step), 1e-9);
    }

    [Fact]
    public void RealSeconds_EverLaterTimes_AreTheSameAsAskedAlone()
    {
        var course = new RateCourse([(0.3, 1.7), (0.1, 0.2), (2, 1), (0.05, 9)]);
        var going = 0L;
        for (var even = 0.0; even < 40; even += 0.0137)
        {
            var alone = 0L;
            Assert.Equal(course.RealSeconds(even, ref alone), course.RealSeconds(even, ref going));
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(double.NaN, 1)]
    [InlineData(1, double.PositiveInfinity)]
    public void Create_StepsThatAreNone_Throws(double seconds, double factor) => Assert.Throws<ArgumentException>(() => new RateCourse([(1, 1), (seconds, factor)]));
}
