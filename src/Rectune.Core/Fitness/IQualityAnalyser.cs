using Rectune.Core.Domain;

namespace Rectune.Core.Fitness;

/// <summary>Looks for one thing that makes a measurement doubtful.</summary>
public interface IQualityAnalyser
{
    string Kind { get; }

    /// <summary>Whether it looks at what one process measured; otherwise at whole measurements.</summary>
    bool WithinOneProcess => false;

    /// <summary>What to do about it.</summary>
    string Advice { get; }

    /// <summary>What was seen, with its figures; null where nothing was.</summary>
    string? Look(MeasurementRow row);
}
