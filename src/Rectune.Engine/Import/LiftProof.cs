namespace Rectune.Engine.Import;

/// <summary>What running a user's model beside its lifted form has shown.</summary>
/// <param name="Samples">Random samples compared, the first and the last row of every table among them.</param>
/// <param name="MaxAbsError">Largest |original − lifted| over all samples and score columns; infinite when their shapes differ.</param>
/// <param name="BatchObstacle">Why the remaining graph may be run only at the exported batch; null when any batch gives the same scores.</param>
public sealed record LiftProof(int Samples, double MaxAbsError, string? BatchObstacle)
{
    /// <summary>True when samples may be scored together, whatever the exported batch.</summary>
    public bool IsBatchable => BatchObstacle is null;
}
