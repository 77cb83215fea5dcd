using System.Globalization;
using Rectune.Core.Domain;

namespace Rectune.Core.Planning;

/// <summary>
/// Holds the chosen path against live load at its predicted promise and, where live load does not confirm it, at lower rates until one is confirmed or the time
/// is over. With a fixed load the rate stays and the next cheapest path is tried instead.
/// </summary>
internal sealed class PromiseProof(IPlanValidator validator, PlanRequest request, IProgress<PlanningProgress> progress)
{
    /// <summary>Step down after the target was refuted: the prediction is off by more than its interval.</summary>
    private const double AfterMissed = 0.82;

    /// <summary>Step down when the evidence did not suffice: less load gives more distance to the limit.</summary>
    private const double AfterInconclusive = 0.90;

    /// <summary>The first run may take this much of the time; the rest is for lower rates.</summary>
    private const double FirstShare = 0.55;

    private const int MostAttempts = 6;

    /// <summary>A run shorter than this certifies nothing at the rates of interest.</summary>
    private const double ShortestSeconds = 3;

    public ProvenPath Unproven(PathEvaluation path, string because) => new()
    {
        Path = path,
        Qps = request.Qps ?? path.PromiseQps.Value,
        Validation = Validation.NotRun(because),
        Attempts = [],
    };

    public ProvenPath Find(PathChoice choice, double budgetSeconds, CancellationToken cancellation)
    {
        var attempts = new List<string>();
        var candidate = 0;
        var path = choice.Ranked[candidate];
        var qps = request.Qps ?? path.PromiseQps.Value;
        var left = budgetSeconds;
        ProvenPath? best = null;
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var seconds = attempt == 0 ? left * FirstShare : Math.Min(left, Math.Max(ShortestSeconds, left * FirstShare));
            if (attempt > 0 && left < ShortestSeconds)
            {
                break;
            }

            progress.Report(new PlanningProgress(
                string.Create(CultureInfo.InvariantCulture, $"live load at {qps:F0} queries/s"), 0.55 + (0.45 * (1 - (left / budgetSeconds))), left));
            var validation = validator.Validate(Serving(path), path.Scheduler, request.Sla, qps, seconds, cancellation);
            cancellation.ThrowIfCancellationRequested();
            left -= seconds;
            attempts.Add(string.Create(CultureInfo.InvariantCulture, $"{qps:F0} queries/s on {path.Configuration.Id()}: {validation.Verdict.ToString().ToLowerInvariant()} ({validation.Because})"));
            best = new ProvenPath { Path = path, Qps = qps, Validation = validation, Attempts = attempts };
            if (validation.Verdict == Verdict.Met || validation.Verdict == Verdict.NotRun)
            {
                return best;
            }

            if (request.Qps is null)
            {
                qps = SignificantDigits.Round(qps * (validation.Verdict == Verdict.Missed ? AfterMissed : AfterInconclusive), 5);
            }
            else if (validation.Verdict == Verdict.Missed)
            {
                if (++candidate == choice.Ranked.Count)
                {
                    // Trying a refuted path until it passes would prove nothing.
                    break;
                }

                path = choice.Ranked[candidate];
            }
        }

        return best!.Validation.Verdict == Verdict.Missed ? AtUntriedRate(best, qps) : best;
    }

    /// <summary>A refuted rate must not be promised: the next lower one is, as inconclusive.</summary>
    private ProvenPath AtUntriedRate(ProvenPath missed, double nextQps)
    {
        if (request.Qps is not null)
        {
            return missed;
        }

        var because = string.Create(CultureInfo.InvariantCulture, $"{missed.Qps:F0} queries/s missed ({missed.Validation.Because}); {nextQps:F0} was not tried within the budget");
        return missed with { Qps = nextQps, Validation = missed.Validation with { Verdict = Verdict.Inconclusive, Because = because, Measured = null } };
    }

    private ServingPath Serving(PathEvaluation path) => PlanAssembly.Serving(request, path);
}
