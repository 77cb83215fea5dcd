using Rectune.Core.CostModels;
using Rectune.Core.Domain;
using Rectune.Core.Numerics;

namespace Rectune.Core.Planning;

/// <summary>What a scheduler must know of a path to tell whether a query can still be answered in time.</summary>
internal static class Deadlines
{
    /// <summary>Quantile of the service times that runs are planned with: a mean would plan half of them too short.</summary>
    private const double PlannedQuantile = 0.95;

    /// <summary>The target's limit as the scheduler keeps it, microseconds.</summary>
    public static int LimitUs(Sla sla) => (int)Math.Clamp(sla.LimitMs * 1e3, 1, int.MaxValue);

    /// <summary>A path with the times that its runs are planned to take.</summary>
    /// <param name="maxBatch">Most samples that one run takes.</param>
    /// <param name="batches">Where times are stated, ascending; those beyond the largest run are left out.</param>
    public static ScheduledPath Scheduled(ServingPath path, int maxBatch, IReadOnlyList<int> batches)
    {
        var service = new ServiceTimeModel(path.Service, maxBatch);
        var planned = service.ResidualAt(PlannedQuantile);
        return new ScheduledPath
        {
            Id = path.Id,
            Device = path.Configuration.Device,
            Instances = path.Configuration.Instances,
            MaxBatch = maxBatch,
            Quality = path.Quality.Value,
            Planned = [.. batches.Where(batch => batch < maxBatch).Append(maxBatch).Select(batch => new PlannedTime { Batch = batch, Us = SignificantDigits.Round(service.MedianUs(batch, out _) * planned, 5) })],
            TypicalShare = Math.Min(1, SignificantDigits.Round(path.Service.Residuals.Average() / planned, 4)),
        };
    }

    /// <summary>One path that refuses what it cannot answer in time: a queue that serves late answers serves nobody.</summary>
    public static SchedulerSettings Kept(SchedulerSettings settings, ServingPath path, Sla sla, IReadOnlyList<int> batches) => settings with
    {
        LimitUs = LimitUs(sla),
        Paths = [Scheduled(path, settings.MaxBatch, batches)],
    };
}
