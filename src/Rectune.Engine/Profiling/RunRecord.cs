namespace Rectune.Engine.Profiling;

/// <summary>One run's terms in microseconds, and whether the operating system took the thread off its core meanwhile.</summary>
internal readonly record struct RunRecord(double PrepareUs, double EmbeddingUs, double ComputeUs, double CopyOutUs, bool Disturbed)
{
    /// <summary>Prepare to copy out.</summary>
    public double ServiceUs => PrepareUs + ComputeUs + CopyOutUs;
}
