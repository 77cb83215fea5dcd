using Rectune.Core.Domain;

namespace Rectune.Core.Planning;

/// <summary>A path with the rate that live load confirmed, or the best that is known about it.</summary>
public sealed record ProvenPath
{
    public required PathEvaluation Path { get; init; }

    public required double Qps { get; init; }

    public required Validation Validation { get; init; }

    /// <summary>What live load showed beyond the prediction; null where nothing did.</summary>
    public LiveCorrection? Correction { get; init; }

    /// <summary>Highest rate that live load did not confirm, for every path that was tried and is not this one.</summary>
    public IReadOnlyDictionary<PathEvaluation, double> Unconfirmed { get; init; } = new Dictionary<PathEvaluation, double>();

    /// <summary>Live runs in order.</summary>
    public required IReadOnlyList<string> Attempts { get; init; }
}
