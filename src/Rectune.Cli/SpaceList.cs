using Rectune.Core.Domain;

namespace Rectune.Cli;

/// <summary>The built-in search spaces: the answer of <c>rectune spaces --json</c>.</summary>
internal sealed record SpaceList
{
    public required IReadOnlyList<SpaceDescription> Spaces { get; init; }
}
