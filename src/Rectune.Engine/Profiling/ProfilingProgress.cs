namespace Rectune.Engine.Profiling;

/// <summary>How far measuring is.</summary>
/// <param name="Stage">What is being done.</param>
/// <param name="Settled">Cells (configuration × batch) that are final.</param>
/// <param name="Cells">Cells in all.</param>
/// <param name="RemainingSeconds">Estimate of the time that measuring still takes; null while tables are being generated.</param>
public sealed record ProfilingProgress(string Stage, int Settled, int Cells, double? RemainingSeconds);
