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
        problems.Require(scheduler.Policy == SchedulerSettings.OnePath, ".policy", $"'{scheduler.Policy}'", $"'{SchedulerSettings.OnePath}': plans of several paths are not served yet");
        problems.Require(scheduler.Paths.Count == 0, ".paths", $"{scheduler.Paths.Count} paths", "none: plans of several paths are not served yet");
        problems.Require(scheduler.LimitUs is null or > 0, ".limitUs", scheduler.LimitUs ?? 0, "microseconds, at least 1");
        problems.Require(scheduler is { SlackShare: null, HysteresisShare: null, QualityMin: null, OffloadAbove: null }, "", "settings of a choice among paths", "none: plans of several paths are not served yet");
        problems.Require(
            plan.Paths.Count == 0 || scheduler.Instances == plan.Paths[0].Configuration.Instances, ".instances", scheduler.Instances, $"{(plan.Paths.Count == 0 ? 0 : plan.Paths[0].Configuration.Instances)}, as the path has");
        problems.Require(scheduler.Instances > 0, ".instances", scheduler.Instances, "at least one instance");
        problems.Require(scheduler.QueueLimit > 0, ".queueLimit", scheduler.QueueLimit, "room for at least one query");
        problems.Require(
            scheduler.SplitSamples > 0 && scheduler.SplitSamples <= scheduler.MaxBatch,
            ".splitSamples", scheduler.SplitSamples, $"from 1 to {scheduler.MaxBatch}, the scheduler's maxBatch");
        var limit = plan.Paths.Count == 0 ? int.MaxValue : plan.Paths.Min(p => p.MaxBatch);
        problems.Require(
            scheduler.MaxBatch > 0 && scheduler.MaxBatch <= limit, ".maxBatch", scheduler.MaxBatch, $"from 1 to {limit}, the smallest limit of the paths");
    }
}
