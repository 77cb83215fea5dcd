namespace Rectune.Engine.Profiling;

/// <summary>Cumulative counters of one thread.</summary>
internal readonly record struct ThreadCounters(long InvoluntarySwitches, long MinorFaults, long MajorFaults);
