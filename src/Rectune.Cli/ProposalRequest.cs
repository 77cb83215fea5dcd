using Rectune.Core.Domain;

namespace Rectune.Cli;

/// <summary>What a process that plans again beside a server is told, on one line of its standard input.</summary>
internal sealed record ProposalRequest
{
    /// <summary>The plan that is served.</summary>
    public required Plan Plan { get; init; }

    /// <summary>What runs take now over what that plan explains.</summary>
    public required double Ratio { get; init; }

    /// <summary>Profiles and journals that are planned from; those that do not exist are left out.</summary>
    public required IReadOnlyList<string> Profiles { get; init; }

    /// <summary>Memory that a plan's paths may take, bytes: what is free and what those of the served plan take.</summary>
    public required long MemoryLimitBytes { get; init; }

    /// <summary>What is free beside the served plan, bytes: a plan that keeps to it can take its place without a restart, and is preferred.</summary>
    public required long BesideBytes { get; init; }
}
