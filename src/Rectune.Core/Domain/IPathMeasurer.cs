namespace Rectune.Core.Domain;

/// <summary>The port through which live measuring enters: planning asks, profiling answers.</summary>
public interface IPathMeasurer
{
    /// <summary>
    /// Measures every given configuration at every given batch, in rounds that interleave those that fit memory together, and hands over each row as soon as it
    /// is final (the caller writes it to disk before the next starts).
    /// </summary>
    /// <param name="seconds">Longest time for measuring all of it, generating and loading rows apart; what is not known well enough by then has a wider interval.</param>
    void Measure(IReadOnlyList<Configuration> configurations, IReadOnlyList<int> batches, double seconds, IMeasurementSink sink, CancellationToken cancellation);
}
