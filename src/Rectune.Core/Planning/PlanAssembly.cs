using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Search;

namespace Rectune.Core.Planning;

/// <summary>Puts everything that is known into the plan's record.</summary>
internal static class PlanAssembly
{
    /// <summary>The path and those beside it, in the order of the scheduler's.</summary>
    public static IReadOnlyList<ServingPath> Serving(PlanRequest request, PathEvaluation path) =>
        [One(request, path, path.Scheduler.MaxBatch), .. path.Others.Select(other => One(request, other, path.Scheduler.MaxBatch))];

    private static ServingPath One(PlanRequest request, PathEvaluation path, int maxBatch) => new()
    {
        Id = path.Configuration.Id(),
        Machine = request.Machine.Id,
        Configuration = path.Configuration,
        MaxBatch = maxBatch,
        MemoryBytes = path.MemoryBytes - path.Others.Sum(other => other.MemoryBytes),
        Quality = path.OwnQuality ?? path.Quality,
        MaxScoreChange = path.MaxScoreChange,
        Service = path.Service,
    };

    public static Plan Build(
        PlanRequest request, SearchSpace space, PathChoice choice, ProvenPath proven, MeasurementBook book, int total, double wallTimeS, DateTimeOffset now)
    {
        var path = proven.Path;
        var predicted = Serving(request, path);
        var evaluator = new PathEvaluator(request, space);
        var serving = proven.Correction is { } correction ? [predicted[0] with { Service = correction.Service }] : predicted;
        return PlanFormat.Seal(new Plan
        {
            Schema = Plan.SchemaName,
            Sha256 = "",
            Model = request.Model,
            Sla = request.Sla,
            Workload = request.Workload,
            Seed = request.Seed,
            Objective = choice.Objective,
            Asked = request.Asked,
            Promise = new Promise
            {
                Qps = proven.Qps,
                FixedLoad = request.Qps is not null,
                Percentile = request.Sla.Percentile,
                LimitMs = request.Sla.LimitMs,
                Confidence = Planner.Confidence,
                Boundary = "in-process",
            },
            CapacityQps = proven.Correction?.CapacityQps ?? evaluator.Capacity(predicted, path.Scheduler),
            Machines = [request.Machine],
            Paths = serving,
            Scheduler = path.Scheduler,
            Predicted = evaluator.Predict(predicted, path.Scheduler, proven.Qps),
            Validated = proven.Validation,
            Frontier = choice.Frontier(path, proven.Unconfirmed),
            Provenance = new PlanProvenance
            {
                Version = request.Version,
                Runtime = request.Machine.Runtime.Fingerprint(),
                SpaceSha256 = space.Sha256(),
                ProfileSha256 = TextHash.Sha256(string.Join('\n', book.Rows.Select(MeasurementFormat.WriteLine))),
                Measured = choice.Evaluations.Count(evaluation => evaluation.Others.Count == 0),
                Total = total,
                WallTimeS = Math.Round(wallTimeS, 1),
                Date = now.ToString("yyyy-MM-ddTHH:mm:ssZ"),
            },
        });
    }
}
