namespace Rectune.Benchmarks.Models;

/// <summary>One of those compared.</summary>
/// <param name="Name">As the report has it.</param>
/// <param name="MedianUs">Microseconds of the median run of a visit, for threads, samples a run and seconds.</param>
internal sealed record Contestant(string Name, Func<int, int, double, double> MedianUs);
