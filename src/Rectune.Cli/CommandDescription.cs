using System.CommandLine;

namespace Rectune.Cli;

/// <summary>A command as its file describes it.</summary>
internal sealed class CommandDescription
{
    public required string Name { get; init; }

    /// <summary>What it does, in one sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>Complete command lines, shown under help.</summary>
    public required IReadOnlyList<string> Examples { get; init; }

    /// <summary>Left out of help: not for people.</summary>
    public bool Hidden { get; init; }

    public IReadOnlyList<Argument> Arguments { get; init; } = [];

    public IReadOnlyList<Setting> Settings { get; init; } = [];

    /// <summary>Does the work and returns the exit code. Exceptions become messages and codes (<see cref="Failure"/>).</summary>
    public required Func<Invocation, int> Run { get; init; }
}
