using Rectune.Core.Domain;

namespace Rectune.Tests.Fakes;

/// <summary>Judges live load by a script of path and rate; remembers every run.</summary>
internal sealed class ScriptedValidator(Func<ServingPath, double, Verdict> script) : IPlanValidator
{
    public ScriptedValidator(double hiddenQps)
        : this((_, qps) => qps <= hiddenQps ? Verdict.Met : Verdict.Missed)
    {
    }

    /// <summary>Moved by <see cref="ClockShare"/> of the time that a run may take; null when runs take no time.</summary>
    public StillClock? Clock { get; init; }

    public double ClockShare { get; init; } = 1.0 / 3;

    /// <summary>What live load shows at a rate.</summary>
    public Func<ServingPath, double, Performance> Measured { get; init; } = (_, _) => SampleRecords.Performance(Provenance.Measured);

    /// <summary>How the load generator did in a run, by its number from 1.</summary>
    public Func<int, GeneratorReport?> GeneratorOf { get; init; } = _ => null;

    /// <summary>Path, rate, time allowed and outcome of every run.</summary>
    public List<(string Path, double Qps, double Seconds, Verdict Verdict)> Runs { get; } = [];

    /// <summary>When every run was to end.</summary>
    public List<LoadLength> Lengths { get; } = [];

    public Validation Validate(IReadOnlyList<ServingPath> paths, SchedulerSettings scheduler, Sla sla, double qps, double budgetSeconds, LoadLength length, int look, CancellationToken cancellation)
    {
        var path = paths[0];
        var verdict = script(path, qps);
        Lengths.Add(length);
        Clock?.Advance(budgetSeconds * ClockShare);
        Runs.Add((string.Join(" + ", paths.Select(one => one.Id)), qps, budgetSeconds, verdict));
        return new Validation { Verdict = verdict, Measured = Measured(path, qps), Generator = GeneratorOf(Runs.Count), Queries = 1000, Replications = 3, Because = "scripted" };
    }
}
