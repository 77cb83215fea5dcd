namespace Rectune.Benchmarks.Models;

/// <summary>What was measured of one model.</summary>
/// <param name="LookupsDominate">Whether look-ups take most of the time, and not matrix products.</param>
/// <param name="CheckedSamples">Samples over which scores were compared.</param>
/// <param name="LargestScore">Largest magnitude of a reference score.</param>
/// <param name="LargestErrors">Largest difference of a score from each of PyTorch's forms, fp32 on both sides.</param>
/// <param name="LargestLogitError">Largest difference from either of PyTorch's forms before the last activation, where no score has saturated.</param>
/// <param name="LargestLogit">Largest magnitude before the last activation.</param>
/// <param name="LargestChanges">Largest difference of a score of each form of <see cref="ModelForm.All"/> from one with nothing rounded.</param>
internal sealed record ModelFigures(
    string Model,
    bool LookupsDominate,
    int CheckedSamples,
    double LargestScore,
    IReadOnlyList<double> LargestErrors,
    double LargestLogitError,
    double LargestLogit,
    IReadOnlyList<double> LargestChanges)
{
    public required IReadOnlyList<BatchFigures> Batches { get; init; }

    /// <summary>Given where look-ups dominate.</summary>
    public FetchLimit? Fetching { get; init; }

    public required string TorchVersion { get; init; }

    public required IReadOnlyList<string> TorchForms { get; init; }
}
