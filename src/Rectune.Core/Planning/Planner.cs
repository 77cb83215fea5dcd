using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Search;
using Rectune.Core.Units;

namespace Rectune.Core.Planning;

/// <summary>
/// From a request to a plan: enumerate, prune by memory, measure what is not known, simulate, choose, hold the winner against live load, and lower the promise
/// until live load confirms it.
/// </summary>
public sealed class Planner(IPathMeasurer measurer, IPlanValidator validator, IMeasurementSink journal, TimeProvider clock, IProgress<PlanningProgress> progress)
{
    /// <summary>A path that changes a score by more than this enters only on request: below it, ranking and calibration of click probabilities stay as they are.</summary>
    public const double LossyScoreChange = 0.01;

    /// <summary>Confidence of promises and verdicts.</summary>
    public const double Confidence = 0.99;

    /// <summary>Share of the budget that measuring may take.</summary>
    public const double MeasuringShare = 0.3;

    /// <summary>Times that a search begins to measure.</summary>
    private const int SearchRounds = 4;

    /// <summary>Share of the budget kept for live load.</summary>
    internal const double ValidationShare = 0.5;

    private readonly List<string> failures = [];

    /// <summary>Configurations that could not be measured, with the reason.</summary>
    public IReadOnlyList<string> Failures => failures;

    /// <param name="request">What is asked for.</param>
    /// <param name="space">What may vary.</param>
    /// <param name="known">Measurements made before; rows that answer another question are ignored.</param>
    /// <param name="cancellation">Ends planning; measurements already in the journal are kept.</param>
    public PlanOutcome Run(PlanRequest request, SearchSpace space, IEnumerable<MeasurementRow> known, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(known);
        var start = clock.GetTimestamp();
        var (configurations, book) = Measured(request, space, known, cancellation);
        progress.Report(new PlanningProgress("simulating candidates", 0.5, null));
        var curves = new KnownCurves(request, space, book);
        var evaluations = Evaluate(request, space, configurations, book, curves, cancellation);
        var choice = new PathChoice(request, evaluations);
        if (choice.Ranked.Count == 0)
        {
            throw new NoFeasiblePlanException(WhyNone.Of(request, choice));
        }

        var spent = clock.GetElapsedTime(start).TotalSeconds;
        var proof = new PromiseProof(validator, request, new PathEvaluator(request, space), clock, progress);
        var proven = request.Offline
            ? proof.Unproven(choice.Ranked[0], "planned offline from known measurements")
            : proof.Find(choice, Math.Max(request.BudgetSeconds - spent, ValidationShare * request.BudgetSeconds), cancellation);
        var wallTimeS = clock.GetElapsedTime(start).TotalSeconds;
        return new PlanOutcome
        {
            Plan = PlanAssembly.Build(request, space, choice, proven, book, space.Configurations.Count, wallTimeS, clock.GetUtcNow()),
            Considered = [.. evaluations.OrderByDescending(e => e.PromiseQps.Value).Select(e => choice.Entry(e, proven.Path, proven.Unconfirmed))],
            Attempts = proven.Attempts,
            ServiceTimes = curves.Model,
        };
    }

    /// <summary>What would be chosen under each of some latency targets: measured once, simulated for each, not held against live load.</summary>
    /// <inheritdoc cref="Run"/>
    /// <param name="targets">Limits at one percentile, in the order of the answers.</param>
    public IReadOnlyList<SweepEntry> Sweep(PlanRequest request, SearchSpace space, IEnumerable<MeasurementRow> known, IReadOnlyList<Sla> targets, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(known);
        ArgumentNullException.ThrowIfNull(targets);
        var (configurations, book) = Measured(request, space, known, cancellation);
        var curves = new KnownCurves(request, space, book);
        var answers = new Dictionary<Sla, SweepEntry>();
        var tighter = new Dictionary<string, PathEvaluation>(StringComparer.Ordinal);
        foreach (var target in targets.OrderBy(target => target.LimitMs))
        {
            progress.Report(new PlanningProgress($"simulating candidates for {target}", 0.5 + (0.5 * answers.Count / targets.Count), null));
            var asked = request with { Sla = target };
            foreach (var evaluation in Evaluate(asked, space, configurations, book, curves, cancellation))
            {
                // What a path certifies inside a tighter limit it certifies inside this one.
                var id = evaluation.Id;
                if (!tighter.TryGetValue(id, out var earlier) || earlier.IsRough || earlier.PromiseQps.Value <= evaluation.PromiseQps.Value)
                {
                    tighter[id] = evaluation;
                }
            }

            var choice = new PathChoice(asked, [.. tighter.Values]);
            answers[target] = choice.Ranked is [var best, ..]
                ? new SweepEntry { Sla = target, Best = choice.Entry(best, best), CapacityQps = new PathEvaluator(asked, space).Capacity(PlanAssembly.Serving(asked, best), best.Scheduler) }
                : new SweepEntry { Sla = target, WhyNone = WhyNone.Of(asked, choice) };
        }

        return [.. targets.Select(target => answers[target])];
    }

    /// <summary>What a measurement must share with this request to count.</summary>
    public static ProfileKey Question(PlanRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new ProfileKey
        {
            Configuration = new Configuration { Representation = Representation.Table, TablePrecision = TablePrecision.Fp32, Device = "cpu", Threads = 1, Instances = 1 },
            Batch = 1,
            Skew = request.Workload.Skew.Key(),
            ModelSha256 = request.Model.Sha256,
            Weights = request.Model.Weights,
            MachineFingerprint = request.Machine.Fingerprint,
            RuntimeFingerprint = request.Machine.Runtime.MeasuringFingerprint(),
        };
    }

    /// <summary>Whether so many configurations are too many to measure all of them, so that a search chooses among them.</summary>
    public static bool Searches(PlanRequest request, SearchSpace space, int unmeasured)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(space);
        return request.Search != SearchStrategies.Exhaustive && unmeasured * space.Batches.Count * MeasuringCost.LeastSeconds > MeasuringShare * request.BudgetSeconds;
    }

    /// <summary>Configurations that the budget's share for measuring lets measure at every batch, where each takes as little as any.</summary>
    public static int MeasurableInFull(PlanRequest request, SearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(space);
        return (int)(MeasuringShare * request.BudgetSeconds / (space.Batches.Count * MeasuringCost.LeastSeconds));
    }

    /// <summary>The space's configurations that fit the memory limit; throws when none does, or none of those answers as well as is asked for.</summary>
    public static IReadOnlyList<Configuration> FittingConfigurations(PlanRequest request, SearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(space);
        var fitting = space.Configurations.Where(c => PathMemory.Bytes(request.Model.Card, c, space.LargestBatch) <= request.MemoryLimitBytes).ToArray();
        if (fitting.Length > 0)
        {
            var best = fitting.Select(c => (Configuration: c, Quality: PathQuality.Of(request.Model.Card, c, scoreChange: null, request.Qualities))).MaxBy(path => path.Quality.Value ?? double.NegativeInfinity);
            return PathChoice.TooBad(request, best.Quality) ? throw new NoFeasiblePlanException(WhyNone.TooBad(request, best.Configuration.Id(), best.Quality)) : fitting;
        }

        var needs = Needs(request, space).OrderBy(need => need.Bytes).ToArray();
        var smallest = needs[0];
        throw new NoFeasiblePlanException(new Infeasibility
        {
            Binding = "memory",
            Needed = string.Join(", ", needs.Select(n => $"{new ByteSize(n.Bytes)} as {n.Rows}")),
            Available = $"{new ByteSize(request.MemoryLimitBytes)} ({request.MemoryLimitBy})",
            Closest = $"{smallest.Rows}, short of {new ByteSize(smallest.Bytes - request.MemoryLimitBytes)}",

            // Rounded up: a size cut to three digits may fall short of what is needed.
            Advice = $"Raise --memory-max to at least {(smallest.Bytes >> 20) + 1}MiB, free memory, or use a smaller model; the latency target is not the problem.",
        });
    }

    /// <summary>Least memory that each representation and precision of the space needs.</summary>
    public static IEnumerable<(string Rows, long Bytes)> Needs(PlanRequest request, SearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(space);
        return space.Configurations
            .GroupBy(c => $"{c.Representation.Id()} {c.TablePrecision.Name()}")
            .Select(g => (g.Key, g.Min(c => PathMemory.Bytes(request.Model.Card, c, space.LargestBatch))));
    }

    /// <summary>The configurations that fit, and everything that is known of them once what was unknown is measured.</summary>
    private (IReadOnlyList<Configuration> Configurations, MeasurementBook Book) Measured(
        PlanRequest request, SearchSpace space, IEnumerable<MeasurementRow> known, CancellationToken cancellation)
    {
        var configurations = FittingConfigurations(request, space);
        var book = new MeasurementBook(Question(request));
        foreach (var row in known)
        {
            book.Add(row);
        }

        Measure(request, space, configurations, book, cancellation);
        return (configurations, book);
    }

    private void Measure(PlanRequest request, SearchSpace space, IReadOnlyList<Configuration> configurations, MeasurementBook book, CancellationToken cancellation)
    {
        var missing = configurations.Where(c => !book.Covers(c, space.Batches)).ToArray();
        if (missing.Length == 0)
        {
            return;
        }

        if (request.Offline)
        {
            // Rows at some batches still answer, as they do when measuring ends before all are known.
            if (configurations.All(c => book.Of(c).Count == 0))
            {
                throw new MissingResourceException(
                    $"No measurement that is known answers this question: none of {configurations.Count} configurations of {request.Model.Name} was measured with these weights ({request.Model.Weights}{(request.Model.Weights.StartsWith("random:", StringComparison.Ordinal) ? ", by --seed" : "")}), this skew ({request.Workload.Skew.Key()}) and this runtime on {request.Machine.Id}.",
                    "Name measurements of the model with --profile: a folder of rectune profile (rectune profile --verify says whether it is whole), or what lies beside another plan (NAME.measurements.jsonl); or plan without --offline.");
            }

            return;
        }

        var sink = new Collector(book, journal, failures);
        var seconds = MeasuringShare * request.BudgetSeconds;
        if (!Searches(request, space, missing.Length))
        {
            measurer.Measure(missing, space.Batches, seconds, sink, cancellation);
            return;
        }

        new PathSearch(request, space, configurations, book).Run(
            (chosen, batches, share) => measurer.Measure(chosen, batches, share, sink, cancellation), seconds, SearchRounds, cancellation);
    }

    private PathEvaluation[] Evaluate(
        PlanRequest request, SearchSpace space, IReadOnlyList<Configuration> configurations, MeasurementBook book, KnownCurves curves, CancellationToken cancellation)
    {
        var found = new (Configuration, ServiceCurve, double?)?[configurations.Count];
        Parallel.For(0, configurations.Count, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            if (book.Of(configurations[i]) is { Count: > 0 } rows)
            {
                found[i] = (configurations[i], curves.Of(configurations[i])!, rows.Max(row => row.MaxScoreChange));
            }
        });
        (Configuration, ServiceCurve, double?)[] known = [.. found.OfType<(Configuration, ServiceCurve, double?)>()];
        if (known.Length == 0)
        {
            throw new MissingResourceException(
                string.Create(CultureInfo.InvariantCulture, $"None of {configurations.Count} configurations could be measured."),
                failures.Count > 0 ? $"First reason: {failures[0]}" : "Raise --budget.");
        }

        var alone = new StagedEvaluation(request, space).Of(known, cancellation);
        return [.. alone, .. new PathSets(request, space, new PathEvaluator(request, space)).Of(alone, path => request.LetsIn(path.Configuration, path.MaxScoreChange), cancellation)];
    }

    private sealed class Collector(MeasurementBook book, IMeasurementSink journal, List<string> failures) : IMeasurementSink
    {
        public void Measured(MeasurementRow row)
        {
            journal.Measured(row);
            book.Add(row);
        }

        public void Failed(Configuration configuration, string why)
        {
            journal.Failed(configuration, why);
            failures.Add($"{configuration.Id()}: {why}");
        }
    }
}
