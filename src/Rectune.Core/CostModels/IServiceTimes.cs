namespace Rectune.Core.CostModels;

/// <summary>Service times of a path, as a simulation draws them.</summary>
public interface IServiceTimes
{
    /// <summary>What a run takes longer that finds its instance asleep, nanoseconds.</summary>
    double IdleStartNs => 0;

    /// <summary>Times its service time that a run takes which begins while all other instances sleep; at most 1.</summary>
    double AloneFactor => 1;

    /// <summary>Part of the luck of a run that the next one shares, 0 to 1.</summary>
    double Persistence => 0;

    /// <summary>Stalls of a run while all instances are busy, per nanosecond.</summary>
    double StallsPerNs => 0;

    /// <summary>Time that one stall takes, nanoseconds.</summary>
    /// <param name="u">Uniform in [0, 1).</param>
    double StallNs(double u) => 0;

    /// <summary>Time that one run of <paramref name="samples"/> keeps its instance busy, stalls apart, nanoseconds.</summary>
    /// <param name="samples">Samples of the run.</param>
    /// <param name="u">Uniform in [0, 1): the run's luck.</param>
    double ServiceNs(int samples, double u);
}
