namespace Rectune.Core.Domain;

/// <summary>The port through which live measuring enters: planning asks, profiling answers.</summary>
public interface IPathMeasurer
{
    /// <summary>
    /// Measures every given configuration at every given batch, in rounds that interleave those that fit memory together, and hands over each row as soon as it
    /// is final (the caller writes it to disk before the next starts).
    /// </summary>
    void Measure(IReadOnlyList<Configuration> configurations, IReadOnlyList<int> batches, IMeasurementSink sink, CancellationToken cancellation);
}
