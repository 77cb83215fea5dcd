namespace Rectune.Core.Domain;

/// <summary>The port through which live load enters: runs a path under open-loop load and judges it.</summary>
public interface IPlanValidator
{
    /// <summary>
    /// Drives <paramref name="path"/> with <paramref name="scheduler"/> at <paramref name="qps"/> until the promise is decided or <paramref name="budgetSeconds"/> is spent.
    /// </summary>
    Validation Validate(ServingPath path, SchedulerSettings scheduler, Sla sla, double qps, double budgetSeconds, CancellationToken cancellation);
}
