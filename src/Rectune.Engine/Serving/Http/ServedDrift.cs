using Rectune.Core.Domain;

namespace Rectune.Engine.Serving.Http;

/// <summary>Service times of a path that is served have left the plan's interval for long, or are back.</summary>
/// <param name="Path">Its id.</param>
public sealed record ServedDrift(string Path, PathDrift Drift)
{
    public bool IsOver => Drift.State is not (DriftState.Slower or DriftState.Faster);

    /// <summary>As metrics, log and page say it: <c>unjudged</c>, <c>as-planned</c>, <c>slower</c> or <c>faster</c>.</summary>
    public string State => NameOf(Drift.State);

    /// <inheritdoc cref="State"/>
    public static string NameOf(DriftState state) => state switch
    {
        DriftState.Unjudged => "unjudged",
        DriftState.AsPlanned => "as-planned",
        DriftState.Slower => "slower",
        DriftState.Faster => "faster",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "no such state"),
    };

    /// <summary>When it began.</summary>
    public DateTimeOffset Since(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return clock.GetUtcNow() - TimeSpan.FromSeconds(Drift.ForS);
    }
}
