namespace Rectune.Cli;

/// <summary>What the program's exit code says.</summary>
internal static class ExitCodes
{
    /// <summary>Done, promises met.</summary>
    public const int Done = 0;

    /// <summary>A bug; the only case with a stack trace.</summary>
    public const int Bug = 1;

    /// <summary>Bad usage or a malformed input.</summary>
    public const int Input = 2;

    /// <summary>The environment lacks something.</summary>
    public const int Environment = 3;

    /// <summary>No path meets the demands.</summary>
    public const int Infeasible = 10;

    /// <summary>A latency or quality promise was missed.</summary>
    public const int Missed = 11;

    /// <summary>The plan was made for another machine or runtime.</summary>
    public const int Stale = 12;

    /// <summary>Not enough evidence in the budget.</summary>
    public const int Inconclusive = 13;

    /// <summary>The load generator was the bottleneck.</summary>
    public const int GeneratorLimited = 14;

    /// <summary>Stopped by the user, state saved.</summary>
    public const int Interrupted = 130;
}
