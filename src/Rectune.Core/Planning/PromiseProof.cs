using System.Globalization;
using Rectune.Core.Domain;

namespace Rectune.Core.Planning;

/// <summary>
/// Holds the chosen path against live load at its predicted promise and, where live load does not confirm it, at lower rates until one is confirmed or the time
/// is over. Each run may take all the time that is left: it ends early where it is decided or hopeless. With a fixed load the rate stays and the next cheapest path is tried instead.
/// </summary>
internal sealed class PromiseProof(IPlanValidator validator, PlanRequest request, TimeProvider clock, IProgress<PlanningProgress> progress)
{
    /// <summary>Step down when the evidence did not suffice: less load gives more distance to the limit.</summary>
    private const double AfterInconclusive = 0.92;

    /// <summary>Step down after the target was refuted: the prediction is off by more than its interval.</summary>
    private const double AfterMissed = 0.85;

    /// <summary>Step down when several times the allowed share was over the limit.</summary>
    private const double AfterFarOff = 0.72;

    /// <summary>Times the allowed share beyond which a small step down would be wasted.</summary>
    private const double FarOff = 4;

    private const int MostAttempts = 8;

    /// <summary>A run shorter than this certifies nothing at the rates of interest.</summary>
    private const double ShortestSeconds = 4;

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
        for (var attempt = 0; attempt < MostAttempts && (attempt == 0 || left >= ShortestSeconds); attempt++)
        {
            progress.Report(new PlanningProgress(
                string.Create(CultureInfo.InvariantCulture, $"live load at {qps:F0} queries/s"), 0.55 + (0.45 * (1 - (left / budgetSeconds))), left));
            var begun = clock.GetTimestamp();
            var validation = validator.Validate(Serving(path), path.Scheduler, request.Sla, qps, left, cancellation);
            cancellation.ThrowIfCancellationRequested();
            left -= clock.GetElapsedTime(begun).TotalSeconds;
            attempts.Add(string.Create(CultureInfo.InvariantCulture, $"{qps:F0} queries/s on {path.Configuration.Id()}: {validation.Verdict.ToString().ToLowerInvariant()} ({validation.Because})"));
            best = new ProvenPath { Path = path, Qps = qps, Validation = validation, Attempts = attempts };
            if (validation.Verdict is Verdict.Met or Verdict.NotRun)
            {
                return best;
            }

            if (request.Qps is null)
            {
                qps = SignificantDigits.Round(qps * Step(validation), 5);
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

    private double Step(Validation validation)
    {
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
        return missed with { Qps = nextQps, Validation = missed.Validation with { Verdict = Verdict.Inconclusive, Because = because, Measured = null } };
    }

    private ServingPath Serving(PathEvaluation path) => PlanAssembly.Serving(request, path);
}
