namespace Rectune.Core.Domain;

/// <summary>Measured service time at one batch size.</summary>
public sealed record ServicePoint
{
    public required int Batch { get; init; }

    /// <summary>Microseconds; of a fit (CostModels) what an undisturbed run takes, times how far runs of the path, and of those alike, usually lie above that.</summary>
    public required double MedianUs { get; init; }

    /// <summary>Over all runs of the batch, microseconds.</summary>
    public required double P99Us { get; init; }

    /// <summary>Of runs that were not disturbed, or of all where every run was: they need not add up to the median.</summary>
    public required ServiceTerms Terms { get; init; }

    /// <summary>The same where everything takes so many times as long.</summary>
    public ServicePoint Times(double factor) => this with { MedianUs = Math.Round(MedianUs * factor, 3), P99Us = Math.Round(P99Us * factor, 3), Terms = Terms.Times(factor) };
}
