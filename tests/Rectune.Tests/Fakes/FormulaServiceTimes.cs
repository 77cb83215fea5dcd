using Rectune.Core.CostModels;

namespace Rectune.Tests.Fakes;

/// <summary>Service times from a formula, for queues whose answers are known.</summary>
internal sealed class FormulaServiceTimes(Func<int, double, double> serviceNs) : IServiceTimes
{
    public static FormulaServiceTimes Fixed(double ns) => new((_, _) => ns);

    public static FormulaServiceTimes Exponential(double meanNs) => new((_, u) => -meanNs * Math.Log(1 - u));

    public double ServiceNs(int samples, double u) => serviceNs(samples, u);
}
