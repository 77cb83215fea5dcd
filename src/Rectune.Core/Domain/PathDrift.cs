namespace Rectune.Core.Domain;

/// <summary>How a path's live service times lie to those that its plan says.</summary>
public sealed record PathDrift
{
    public required DriftState State { get; init; }

    /// <summary>Median, over the runs of the last full window that followed another on their instance, of what they took over what the plan explains: 1 where it explains them wholly; null before there was one.</summary>
    public double? Ratio { get; init; }

    /// <summary>Lower end of the plan's interval of <see cref="Ratio"/>, below 1.</summary>
    public required double Low { get; init; }

    /// <summary>Upper end, above 1.</summary>
    public required double High { get; init; }

    /// <summary>How long <see cref="State"/> has held, from the beginning of the first window that spoke for it, seconds.</summary>
    public required double ForS { get; init; }
}
