namespace Rectune.Core.Workloads;

/// <summary>
/// One course of an arrival process. Instants come in even time, in which one query arrives a unit on average whatever the rate, so that the same queries arrive at every rate; where
/// the rate changes over time, real time runs against even time.
/// </summary>
public interface IArrivalCourse
{
    /// <summary>How real seconds run against even ones, each taken at an average rate; null where they are the same.</summary>
    RateCourse? Rates { get; }

    /// <summary>Instant of the next arrival, never falling.</summary>
    double Next();
}
