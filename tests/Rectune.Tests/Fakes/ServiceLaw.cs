using Rectune.Core.CostModels;

namespace Rectune.Tests.Fakes;

/// <summary>Service times by a stated law of samples and luck, nanoseconds.</summary>
internal sealed class ServiceLaw(Func<int, double, double> serviceNs) : IServiceTimes
{
    public double IdleStartNs { get; init; }

    public double Persistence { get; init; }

    public double AloneFactor { get; init; } = 1;

    /// <summary>The same time for every run.</summary>
    public static ServiceLaw Constant(double ns) => new((_, _) => ns);

    /// <summary>Exponential, by inversion.</summary>
    public static ServiceLaw Exponential(double meanNs) => new((_, u) => -meanNs * Math.Log(1 - u));

    public double ServiceNs(int samples, double u) => serviceNs(samples, u);
}
