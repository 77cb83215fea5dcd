using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Core.Workloads;

namespace Rectune.Core.Planning;

/// <summary>
/// Holds the chosen path against live load at its predicted promise and, where live load does not confirm it, at lower rates until one is confirmed or the time
/// is over. A run ends early where it is hopeless or could not decide in the time that is left, and is repeated once where the load generator was held up. With a fixed load the rate stays and the next cheapest path is tried
/// instead. Where live load differs from what was predicted, the path's service times are corrected by it, and what is tried next is predicted with them.
/// </summary>
internal sealed class PromiseProof(IPlanValidator validator, PlanRequest request, PathEvaluator evaluator, TimeProvider clock, IProgress<PlanningProgress> progress)
{
    /// <summary>Step down when the evidence did not suffice: less load gives more distance to the limit.</summary>
    private const double AfterInconclusive = 0.92;

    /// <summary>Step down after the target was refuted: the prediction is off by more than its interval.</summary>
    private const double AfterMissed = 0.85;

    /// <summary>Step down when several times the allowed share was over the limit.</summary>
    private const double AfterFarOff = 0.72;

    /// <summary>Times the allowed share beyond which a small step down would be wasted.</summary>
    private const double FarOff = 4;

    /// <summary>Times the allowed share over the limit up to which latency under live load speaks of the path.</summary>
    private const double MostOver = 2;

    private const int MostAttempts = 8;

    /// <summary>A validator may look twice.</summary>
    private const int LooksPerAttempt = 2;

    /// <summary>A run shorter than this says little at any rate.</summary>
    private const double ShortestSeconds = 4;

    /// <summary>Longest time beyond the budget, for one repetition of a last run whose generator was held up, seconds.</summary>
    private const double LongestRepetition = 10;

    public ProvenPath Unproven(PathEvaluation path, string because) => new()
    {
        Path = path,
        Qps = request.Qps ?? path.PromiseQps.Value,
        Validation = Validation.NotRun(because),
        Attempts = [],
    };

    public ProvenPath Find(PathChoice choice, double budgetSeconds, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(choice);
        var attempts = new List<string>();

        // What each path is believed to hold: its prediction, until live load says otherwise.
        // What was only screened is beaten by far, and runs under limits that nobody simulated.
        var ranked = choice.Ranked.Where(path => !path.IsRough).ToArray();
        var believed = ranked.ToDictionary(path => path, path => request.Qps ?? path.PromiseQps.Value);
        var left = budgetSeconds;
        var heldUp = new HashSet<(PathEvaluation Path, double Qps)>();
        var repeatedBeyond = false;
        var unconfirmed = new Dictionary<PathEvaluation, double>();
        var corrections = new Dictionary<PathEvaluation, LiveCorrection>();
        ProvenPath? last = null;
        for (var attempt = 0; attempt < MostAttempts && (attempt == 0 || left >= ShortestSeconds); attempt++)
        {
            var path = Next(ranked, choice.Objective, believed);
            if (path is null)
            {
                // Trying a refuted path until it passes would prove nothing.
                break;
            }

            var qps = believed[path];
            if (attempt > 0 && LoadReplications.Plan(qps, left, request.Sla).JudgedQueries(qps) < PromiseTest.MinimumQueries)
            {
                // Too few queries to decide anything: what the last run saw says more.
                break;
            }

            progress.Report(new PlanningProgress(
                string.Create(CultureInfo.InvariantCulture, $"live load at {qps:F0} queries/s"), 0.55 + (0.45 * (1 - (left / budgetSeconds))), left));
            var begun = clock.GetTimestamp();
            var validation = validator.Validate(Serving(path), path.Scheduler, request.Sla, qps, left, request.Qps is null ? LoadLength.WhileItMayDecide : LoadLength.UntilDecided, (LooksPerAttempt * attempt) + 1, cancellation);
            cancellation.ThrowIfCancellationRequested();
            attempts.Add(string.Create(CultureInfo.InvariantCulture, $"{qps:F0} queries/s on {path.Id}: {validation.Verdict.Name()} ({validation.Because})"));
            if (Corrected(path, corrections.GetValueOrDefault(path)?.Service ?? path.Service, qps, validation) is { } corrected)
            {
                corrections[path] = corrected;
            }

            var took = clock.GetElapsedTime(begun).TotalSeconds;
            left -= took;

            last = new ProvenPath
            {
                Path = path,
                Qps = qps,
                Validation = validation,
                Correction = corrections.GetValueOrDefault(path),
                Unconfirmed = unconfirmed.Where(tried => tried.Key != path).ToDictionary(),
                Attempts = attempts,
            };
            if (validation.Verdict is Verdict.Met or Verdict.NotRun)
            {
                return last;
            }

            if (validation.Generator is { Limiting: true } && heldUp.Add((path, qps)))
            {
                // Once may be a neighbour's doing, and no reason for a lower rate; twice at one rate, the rate leaves the generator too little of the machine.
                if (left < ShortestSeconds && !repeatedBeyond)
                {
                    repeatedBeyond = true;
                    left = Math.Clamp(took, ShortestSeconds, LongestRepetition);
                }

                continue;
            }

            unconfirmed.TryAdd(path, qps);
            var step = Step(validation);
            believed[path] = step == 1 ? qps : SignificantDigits.Round(Lower(qps * step, corrections.GetValueOrDefault(path)), 5);
        }

        return last!.Validation.Verdict == Verdict.Missed ? AtUntriedRate(last, believed[last.Path]) : last;
    }

    /// <summary>
    /// The path to run next. Where the rate is looked for, the one believed to hold the most, so that a path whose prediction failed gives way to the next one; an objective
    /// other than rate keeps its path and takes it slower. With a fixed load, the first path that has not been refuted.
    /// </summary>
    private PathEvaluation? Next(PathEvaluation[] ranked, string objective, Dictionary<PathEvaluation, double> believed)
    {
        if (request.Qps is { } qps)
        {
            return ranked.FirstOrDefault(path => believed[path] >= qps);
        }

        if (objective is not ("correct" or "goodput"))
        {
            return ranked[0];
        }

        // Rates within noise of the best count as equal: the ranking decides between them.
        var best = ranked.Max(path => believed[path]);
        return ranked.First(path => believed[path] >= best / (1 + PathChoice.TieShare));
    }

    private LiveCorrection? Corrected(PathEvaluation path, ServiceCurve service, double qps, Validation validation)
    {
        // A late generator, or a queue that grows as long as the load lasts, says nothing of service times.
        // Among several paths nothing tells whose service times were others.
        if (path.Others.Count > 0 || validation is not { Measured: { } measured, Generator: null or { Limiting: false } } || measured.OverLimitShare.Value > MostOver * request.Sla.AllowedShare()
            || LiveFit.Of(service, measured, (curve, replications) => evaluator.Predict([Serving(path)[0] with { Service = curve }], path.Scheduler, qps, replications)) is not { } fitted)
        {
            return null;
        }

        var (capacity, promise) = evaluator.Rates([Serving(path)[0] with { Service = fitted }], path.Scheduler);
        return new LiveCorrection(fitted, capacity, promise);
    }

    /// <summary>The rate to try next: a step down, or at once what the corrected prediction promises where that is lower.</summary>
    private static double Lower(double stepQps, LiveCorrection? correction) =>
        correction is { PromiseQps.Value: var promise } ? Math.Clamp(promise, AfterFarOff * stepQps, stepQps) : stepQps;

    private double Step(Validation validation)
    {
        if (request.Qps is not null)
        {
            // Too little evidence refutes nothing: the same load is held against the same path again.
            return validation.Verdict == Verdict.Missed ? AfterMissed : 1;
        }

        if (validation.Measured is { } measured && measured.OverLimitShare.Value > FarOff * request.Sla.AllowedShare())
        {
            return AfterFarOff;
        }

        return validation.Verdict == Verdict.Missed ? AfterMissed : AfterInconclusive;
    }

    /// <summary>A refuted rate must not be promised: the next lower one is, as inconclusive.</summary>
    private ProvenPath AtUntriedRate(ProvenPath missed, double nextQps)
    {
        if (request.Qps is not null)
        {
            return missed;
        }

        var because = string.Create(CultureInfo.InvariantCulture, $"{missed.Qps:F0} queries/s missed ({missed.Validation.Because}); {nextQps:F0} was not tried within the budget");
        return missed with { Qps = nextQps, Validation = Validation.NotRun(because) with { Verdict = Verdict.Inconclusive } };
    }

    private IReadOnlyList<ServingPath> Serving(PathEvaluation path) => PlanAssembly.Serving(request, path);
}
