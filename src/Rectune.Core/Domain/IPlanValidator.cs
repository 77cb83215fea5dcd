namespace Rectune.Core.Domain;

/// <summary>The port through which live load enters: runs a plan's paths under open-loop load and judges them.</summary>
public interface IPlanValidator
{
    /// <summary>
    /// Drives <paramref name="paths"/>, in the order of the scheduler's, with <paramref name="scheduler"/> at <paramref name="qps"/> for <paramref name="budgetSeconds"/>, or less where more would be
    /// hopeless or is not needed (<paramref name="length"/>). <paramref name="look"/> counts from 1 how often this plan's evidence has been judged, of which a call may do two: each judgement may spend
    /// only its part of the allowed error.
    /// </summary>
    Validation Validate(IReadOnlyList<ServingPath> paths, SchedulerSettings scheduler, Sla sla, double qps, double budgetSeconds, LoadLength length, int look, CancellationToken cancellation);
}
