using System.Globalization;
using Rectune.Core.CostModels;
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

    /// <summary>Time in which one configuration's median is known to some percent at one batch size, over all processes that take part; where there is less for each, some are left out.</summary>
    private const double SecondsEach = 0.08;

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
        var evaluations = Evaluate(request, space, configurations, book, cancellation);
        var choice = new PathChoice(request, evaluations);
        if (choice.Ranked.Count == 0)
        {
            throw new NoFeasiblePlanException(WhyNone.Of(request, choice));
        }

        var spent = clock.GetElapsedTime(start).TotalSeconds;
        var proof = new PromiseProof(validator, request, clock, progress);
        var proven = request.Offline
            ? proof.Unproven(choice.Ranked[0], "planned offline from known measurements")
            : proof.Find(choice, Math.Max(request.BudgetSeconds - spent, ValidationShare * request.BudgetSeconds), cancellation);
        var wallTimeS = clock.GetElapsedTime(start).TotalSeconds;
        return new PlanOutcome
        {
            Plan = PlanAssembly.Build(request, space, choice, proven, book, space.Configurations.Count, wallTimeS, clock.GetUtcNow()),
            Considered = [.. evaluations.OrderByDescending(e => e.PromiseQps.Value).Select(e => choice.Entry(e, proven.Path, proven.Unconfirmed))],
            Attempts = proven.Attempts,
            ServiceTimes = new Lazy<PathModelChoice>(() => ServiceTimes(request, book)),
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
        var answers = new Dictionary<Sla, SweepEntry>();
        var tighter = new Dictionary<string, PathEvaluation>(StringComparer.Ordinal);
        foreach (var target in targets.OrderBy(target => target.LimitMs))
        {
            progress.Report(new PlanningProgress($"simulating candidates for {target}", 0.5 + (0.5 * answers.Count / targets.Count), null));
            var asked = request with { Sla = target };
            foreach (var evaluation in Evaluate(asked, space, configurations, book, cancellation))
            {
                // What a path certifies inside a tighter limit it certifies inside this one.
                var id = evaluation.Configuration.Id();
                if (!tighter.TryGetValue(id, out var earlier) || earlier.PromiseQps.Value <= evaluation.PromiseQps.Value)
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
            RuntimeFingerprint = request.Machine.Runtime.Fingerprint(),
        };
    }

    /// <summary>The space's configurations that fit the memory limit; throws when none does.</summary>
    public static IReadOnlyList<Configuration> FittingConfigurations(PlanRequest request, SearchSpace space)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(space);
        var fitting = space.Configurations.Where(c => PathMemory.Bytes(request.Model.Card, c, space.LargestBatch) <= request.MemoryLimitBytes).ToArray();
        if (fitting.Length > 0)
        {
            return fitting;
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

    private static PathModelChoice ServiceTimes(PlanRequest request, MeasurementBook book)
    {
        var points = new PathPoints(request.Model.Card, request.Limits);
        return PathModelChoice.Of([.. book.Rows.Select(points.Of)]);
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
                    $"No measurement that is known answers this question: none of {configurations.Count} configurations of {request.Model.Name} was measured with these weights, this skew and this runtime on {request.Machine.Id}.",
                    "Name a profile that holds the model with --profile (rectune profile --verify says whether it is whole), or plan without --offline.");
            }

            return;
        }

        var sink = new Collector(book, journal, failures);
        var seconds = MeasuringShare * request.BudgetSeconds;
        var affordable = Math.Max(1, (int)(seconds / (SecondsEach * space.Batches.Count)));
        if (request.Search == SearchStrategies.Exhaustive || missing.Length <= affordable)
        {
            measurer.Measure(missing, space.Batches, seconds, sink, cancellation);
            return;
        }

        new PathSearch(request, space, configurations, book).Run(
            (chosen, share) => measurer.Measure(chosen, space.Batches, share, sink, cancellation), affordable, seconds, cancellation);
    }

    private PathEvaluation[] Evaluate(
        PlanRequest request, SearchSpace space, IReadOnlyList<Configuration> configurations, MeasurementBook book, CancellationToken cancellation)
    {
        var evaluator = new PathEvaluator(request, space);
        (Configuration Configuration, IReadOnlyList<MeasurementRow> Rows)[] known =
            [.. configurations.Select(configuration => (configuration, book.Of(configuration))).Where(pair => pair.Item2.Count > 0)];
        var evaluations = new PathEvaluation[known.Length];
        Parallel.For(0, known.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            evaluations[i] = evaluator.Evaluate(known[i].Configuration, known[i].Rows);
        });
        if (evaluations.Length == 0)
        {
            throw new MissingResourceException(
                string.Create(CultureInfo.InvariantCulture, $"None of {configurations.Count} configurations could be measured."),
                failures.Count > 0 ? $"First reason: {failures[0]}" : "Raise --budget.");
        }

        return evaluations;
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
