using Rectune.Core.Domain;

namespace Rectune.Core.Formats;

/// <summary>What a plan must satisfy beyond its types, so that it can be served and verified.</summary>
internal static class PlanChecks
{
    private static readonly string[] Objectives = ["correct", "goodput", "quality", "memory", "cost"];

    public static void Check(Plan plan, RecordProblems problems)
    {
        CardChecks.Check(plan.Model.Card, problems.Below(".model.card"));
        var card = CardFormat.Sha256(plan.Model.Card);
        problems.Require(plan.Model.Sha256 == card, ".model.sha256", plan.Model.Sha256, $"{card}, the hash of the card in the plan");
        CardChecks.CheckLimit(plan.Sla.Percentile, plan.Sla.LimitMs, problems.Below(".sla"));
        problems.Require(Objectives.Contains(plan.Objective), ".objective", $"'{plan.Objective}'", "one of " + string.Join(", ", Objectives));
        CheckSkew(plan.Workload.Skew, problems.Below(".workload.skew"));
        CheckPromise(plan, problems.Below(".promise"));
        problems.Require(plan.Machines.Count > 0, ".machines", "an empty list", "the machine that was planned for");
        for (var i = 0; i < plan.Machines.Count; i++)
        {
            CheckMachine(plan.Machines[i], problems.Below($".machines[{i}]"));
        }

        problems.Require(plan.Paths.Count > 0, ".paths", "an empty list", "the chosen path");
        for (var i = 0; i < plan.Paths.Count; i++)
        {
            CheckPath(plan, i, problems.Below($".paths[{i}]"));
        }

        CheckScheduler(plan, problems.Below(".scheduler"));
    }

    /// <summary>Sizes of a configuration.</summary>
    public static void CheckConfiguration(Configuration configuration, RecordProblems problems)
    {
        problems.Require(configuration.Threads > 0, ".threads", configuration.Threads, "at least one thread");
        problems.Require(configuration.Instances > 0, ".instances", configuration.Instances, "at least one instance");
        problems.Require(configuration.Device.Length > 0, ".device", "''", "a device such as cpu");
        problems.Require(
            configuration.Centroids is null or <= Configuration.MostCentroids, ".centroids", configuration.Centroids ?? 0, $"at most {Configuration.MostCentroids}, or none");
    }

    /// <summary>What the candidates are drawn again from.</summary>
    private static void CheckSkew(IndexSkew skew, RecordProblems problems)
    {
        if (skew.Kind == SkewKind.Zipf)
        {
            problems.Require(
                skew.ZipfExponent is > 0 and <= IndexSkew.SteepestExponent, ".zipfExponent", skew.ZipfExponent ?? (object)"none", $"a positive exponent up to {IndexSkew.SteepestExponent}");
        }
        else if (skew.Kind is SkewKind.Data or SkewKind.Trace)
        {
            problems.Require(skew.DataSha256 is { Length: 64 }, ".dataSha256", $"'{skew.DataSha256}'", "the SHA-256 of the file, 64 hexadecimal digits");
        }
    }

    private static void CheckPromise(Plan plan, RecordProblems problems)
    {
        var promise = plan.Promise;
        problems.Require(promise.Qps > 0, ".qps", promise.Qps, "a positive rate");
        problems.Require(promise.Confidence is > 0 and < 1, ".confidence", promise.Confidence, "a probability between 0 and 1");
        problems.Require(promise.Percentile == plan.Sla.Percentile, ".percentile", promise.Percentile, $"{plan.Sla.Percentile}, as in $.sla");
        problems.Require(promise.LimitMs == plan.Sla.LimitMs, ".limitMs", promise.LimitMs, $"{plan.Sla.LimitMs}, as in $.sla");
        problems.Require(promise.Boundary is "in-process" or "http", ".boundary", $"'{promise.Boundary}'", "in-process or http");
    }

    private static void CheckMachine(Machine machine, RecordProblems problems)
    {
        problems.Require(machine.Cpu.Cores > 0, ".cpu.cores", machine.Cpu.Cores, "at least one core");
        problems.Require(machine.MemoryBytes > 0, ".memoryBytes", machine.MemoryBytes, "a positive size");
    }

    private static void CheckPath(Plan plan, int index, RecordProblems problems)
    {
        var path = plan.Paths[index];
        problems.Require(path.Id.Length > 0, ".id", "''", "a name");
        problems.Require(plan.Paths.Take(index).All(p => p.Id != path.Id), ".id", $"'{path.Id}' again", "a name of its own");
        problems.Require(plan.Machines.Any(m => m.Id == path.Machine), ".machine", $"'{path.Machine}'", "the id of a machine in $.machines");
        problems.Require(path.MaxBatch > 0, ".maxBatch", path.MaxBatch, "a positive batch");
        problems.Require(path.MemoryBytes > 0, ".memoryBytes", path.MemoryBytes, "a positive size");
        CheckConfiguration(path.Configuration, problems.Below(".configuration"));
        CardChecks.CheckQuality(path.Quality, problems.Below(".quality"));
        problems.Require(path.Service.IdleStartUs?.Value is null or >= 0 and < 1e6, ".service.idleStartUs.value", path.Service.IdleStartUs?.Value ?? 0, "microseconds from 0, below a second");
        problems.Require(path.Service.Persistence?.Value is null or >= 0 and <= 1, ".service.persistence.value", path.Service.Persistence?.Value ?? 0, "from 0 to 1");
        problems.Require(path.Service.LiveFactor?.Value is null or >= ServiceCurve.LeastLiveFactor and <= ServiceCurve.MostLiveFactor, ".service.liveFactor.value", path.Service.LiveFactor?.Value ?? 1, $"from {ServiceCurve.LeastLiveFactor} to {ServiceCurve.MostLiveFactor}");
        var points = path.Service.Points;
        for (var i = 1; i < points.Count; i++)
        {
            problems.Require(
                points[i].Batch > points[i - 1].Batch, $".service.points[{i}].batch", points[i].Batch, $"more than {points[i - 1].Batch}: points ascend by batch");
        }
    }

    private static void CheckScheduler(Plan plan, RecordProblems problems)
    {
        var scheduler = plan.Scheduler;
        SchedulerChecks.Check(scheduler, (holds, path, found, expected) => problems.Require(holds, path, found, expected));
        if (scheduler.Paths.Count == 0)
        {
            problems.Require(plan.Paths.Count <= 1, ".paths", "none", $"{plan.Paths.Count}, one for each of $.paths");
            problems.Require(
                scheduler is { SlackShare: null, HysteresisShare: null, QualityMin: null, OffloadAbove: null }, "", "settings of a choice among paths", "none where the scheduler has no paths to choose from");
            problems.Require(
                plan.Paths.Count == 0 || scheduler.Instances == plan.Paths[0].Configuration.Instances, ".instances", scheduler.Instances, $"{(plan.Paths.Count == 0 ? 0 : plan.Paths[0].Configuration.Instances)}, as the path has");
        }
        else
        {
            problems.Require(scheduler.Paths.Count == plan.Paths.Count, ".paths", $"{scheduler.Paths.Count} paths", $"{plan.Paths.Count}, one for each of $.paths");
            for (var i = 0; i < Math.Min(scheduler.Paths.Count, plan.Paths.Count); i++)
            {
                CheckScheduled(scheduler.Paths[i], plan.Paths[i], problems.Below($".paths[{i}]"));
            }
        }

        var limit = plan.Paths.Count == 0 ? int.MaxValue : plan.Paths.Min(p => p.MaxBatch);
        problems.Require(
            scheduler.MaxBatch > 0 && scheduler.MaxBatch <= limit, ".maxBatch", scheduler.MaxBatch, $"from 1 to {limit}, the smallest limit of the paths");
    }

    /// <summary>What is scheduled is what is loaded.</summary>
    private static void CheckScheduled(ScheduledPath scheduled, ServingPath path, RecordProblems problems)
    {
        problems.Require(scheduled.Id == path.Id, ".id", $"'{scheduled.Id}'", $"'{path.Id}', as in $.paths at the same place");
        problems.Require(scheduled.Device == path.Configuration.Device, ".device", $"'{scheduled.Device}'", $"'{path.Configuration.Device}', as the path has");
        problems.Require(scheduled.Instances == path.Configuration.Instances, ".instances", scheduled.Instances, $"{path.Configuration.Instances}, as the path has");
        problems.Require(scheduled.MaxBatch <= path.MaxBatch, ".maxBatch", scheduled.MaxBatch, $"at most {path.MaxBatch}, as the path has");

        // 0 promises nothing either.
        problems.Require(scheduled.Quality is null or 0 || path.Quality.Value is not null, ".quality", scheduled.Quality ?? 0, "none, since the path's quality is unknown");
    }
}
