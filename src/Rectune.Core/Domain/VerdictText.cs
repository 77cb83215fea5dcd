namespace Rectune.Core.Domain;

/// <summary>Verdicts as people read them.</summary>
public static class VerdictText
{
    public static string Name(this Verdict verdict) => verdict == Verdict.NotRun ? "not-run" : verdict.ToString().ToLowerInvariant();
}
