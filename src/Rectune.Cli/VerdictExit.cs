using Rectune.Core.Domain;

namespace Rectune.Cli;

/// <summary>What verdicts of live load mean for the exit code.</summary>
internal static class VerdictExit
{
    /// <summary>The exit code of a rate, and how much it outweighs those of others.</summary>
    public static (int Weight, int Code) Of(Verdict verdict, GeneratorReport? generator) => (verdict, generator) switch
    {
        (_, { Limiting: true }) => (2, ExitCodes.GeneratorLimited),
        (Verdict.Met, _) => (0, ExitCodes.Done),
        (Verdict.Missed, _) => (3, ExitCodes.Missed),
        _ => (1, ExitCodes.Inconclusive),
    };
}
