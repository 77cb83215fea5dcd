using System.Runtime.InteropServices;
using Rectune.Core.Domain;
using Rectune.Core.Workloads;

namespace Rectune.Engine.Data;

/// <summary>How often the ids of one table were accessed: the skew of a real workload without its queries.</summary>
public sealed record AccessTrace
{
    private const int IdsBetweenChecks = 1 << 16;

    public required EmpiricalRanks Ranks { get; init; }

    /// <summary>What was counted; the file is not named.</summary>
    public required IndexSkew Skew { get; init; }

    /// <exception cref="MissingResourceException">The file is absent or may not be read.</exception>
    /// <exception cref="InvalidInputException">The file is malformed.</exception>
    public static AccessTrace Open(string path, CancellationToken cancellation) =>
        InputFile.Read(path, "access trace", (stream, name) => Read(stream, name, cancellation));

    /// <param name="name">The file's name for messages.</param>
    /// <exception cref="InvalidInputException">The file is malformed.</exception>
    public static AccessTrace Read(Stream stream, string name, CancellationToken cancellation)
    {
        using var reader = new TraceReader(stream, name);
        var uses = new Dictionary<long, int>();
        while (reader.Read(out var id))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(uses, id, out _)++;
            if (reader.Ids % IdsBetweenChecks == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }
        }

        int[] counts = [.. uses.Values];
        var estimate = SkewEstimate.FromCounts([counts]);
        return new AccessTrace { Ranks = new EmpiricalRanks(counts), Skew = estimate.Measured(SkewKind.Trace, reader.Sha256, reader.Ids) };
    }
}
