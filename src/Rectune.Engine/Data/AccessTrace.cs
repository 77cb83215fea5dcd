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
    public static AccessTrace Open(string path, CancellationToken cancellation)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            return Read(stream, Path.GetFileName(path), cancellation);
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            throw new MissingResourceException($"the access trace {path} cannot be read: {absent.Message}", "Name an existing, readable file.", absent);
        }
    }

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
        return new AccessTrace
        {
            Ranks = new EmpiricalRanks(counts),
            Skew = new IndexSkew
            {
                Kind = SkewKind.Trace,
                Source = Provenance.Measured,
                ZipfExponent = estimate.ZipfExponent,
                DistinctShare = estimate.DistinctShare,
                HottestPercentShare = estimate.HottestPercentShare,
                DataSha256 = reader.Sha256,
                DataRows = reader.Ids,
            },
        };
    }
}
