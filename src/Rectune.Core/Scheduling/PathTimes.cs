using Rectune.Core.Domain;

namespace Rectune.Core.Scheduling;

/// <summary>What the scheduler knows of a path: what its runs are planned to take, and how good its answers are.</summary>
internal sealed class PathTimes
{
    private readonly long[] plannedNs;

    private PathTimes(double? quality, double typicalShare, bool isPlanned, long[] plannedNs)
    {
        (Quality, IsQualityKnown, TypicalShare, IsPlanned) = (quality ?? 0, quality is not null, typicalShare, isPlanned);
        this.plannedNs = plannedNs;
        NsPerSample = Enumerable.Range(1, MaxBatch).Min(batch => (double)plannedNs[batch] / batch);
    }

    /// <summary>Of the path's answers; paths are compared by it. 0 where it is not known.</summary>
    public double Quality { get; }

    public bool IsQualityKnown { get; }

    /// <summary>What a run takes on average over what it is planned to take.</summary>
    public double TypicalShare { get; }

    /// <summary>Whether times are known at all.</summary>
    public bool IsPlanned { get; }

    /// <summary>Samples of the largest run.</summary>
    public int MaxBatch => plannedNs.Length - 1;

    /// <summary>What a sample takes in the runs that suit it best, nanoseconds of an instance.</summary>
    public double NsPerSample { get; }

    /// <summary>Between the named batches on straight lines; before the first as it, beyond the last in proportion.</summary>
    public static PathTimes Of(ScheduledPath path)
    {
        var (planned, at) = (new long[path.MaxBatch + 1], 0);
        var points = path.Planned;
        for (var batch = 1; batch <= path.MaxBatch; batch++)
        {
            while (at + 1 < points.Count && points[at + 1].Batch <= batch)
            {
                at++;
            }

            var us = at + 1 < points.Count && batch > points[at].Batch
                ? points[at].Us + ((points[at + 1].Us - points[at].Us) * (batch - points[at].Batch) / (points[at + 1].Batch - points[at].Batch))
                : points[at].Us * Math.Max(1, (double)batch / points[at].Batch);
            planned[batch] = Math.Max(planned[batch - 1], Math.Max(1, (long)(us * 1e3)));
        }

        return new PathTimes(path.Quality, path.TypicalShare, isPlanned: true, planned);
    }

    /// <summary>A path of which nothing but the batch limit is known.</summary>
    public static PathTimes Unplanned(int maxBatch) => new(quality: null, 1, isPlanned: false, [.. Enumerable.Range(0, maxBatch + 1).Select(batch => (long)batch)]);

    /// <summary>What a run is planned to take, nanoseconds.</summary>
    public long PlannedNs(int samples) => plannedNs[samples];
}
