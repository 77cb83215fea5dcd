namespace Rectune.Core.CostModels;

/// <summary>A configuration at one batch size as the cross-path model sees it.</summary>
/// <param name="Terms">What each resource would take by itself at the machine's limits, microseconds; the same order for all points.</param>
/// <param name="Levels">The value of each knob, by name; the same order for all points.</param>
/// <param name="Batch">Samples of a run.</param>
public sealed record PathPoint(IReadOnlyList<double> Terms, IReadOnlyList<string> Levels, int Batch)
{
    /// <summary>The same for all batches of a configuration, and for nothing else.</summary>
    public string Configuration { get; } = string.Join('|', Levels);
}
