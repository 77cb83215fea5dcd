using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Models;
using Rectune.Core.Planning;
using Rectune.Core.Search;
using Rectune.Engine.Hardware;

namespace Rectune.Cli;

/// <summary>
/// The plan that would be made for the same question as another, were all service times as live ones are now: searched in virtual time among the paths that were measured, with their measurements
/// corrected. Nothing is measured, so that whatever serves meanwhile is not disturbed by more than the searching.
/// </summary>
internal static class PlanProposal
{
    /// <exception cref="MissingResourceException">Nothing that is known answers the plan's question.</exception>
    /// <exception cref="NoFeasiblePlanException">With service times as they are now no path meets the target.</exception>
    public static Plan Of(ProposalRequest asked, TimeProvider clock, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(asked);
        var (plan, ratio) = (asked.Plan, asked.Ratio);
        var told = plan.Asked is { } arguments ? PlanArguments.Read(arguments) : null;
        var request = Request(asked, told);
        MeasurementRow[] rows = [.. asked.Profiles.Where(ProfileFolder.Holds).SelectMany(profile => ProfileFolder.Rows(profile, expected: null))];
        var book = new MeasurementBook(Planner.Question(request));
        MeasurementRow[] known = [.. rows.Where(book.Add)];
        if (known.Length == 0)
        {
            var otherwise = book.TakenOtherwise > 0 ? FormattableString.Invariant($" that was taken as those of the plan were ({book.TakenOtherwise} were not)") : "";
            throw Unknown(plan, $"no measurement of the plan's model on this machine{otherwise} was found in {string.Join(", ", asked.Profiles)}");
        }

        var (space, note) = SpaceOf(plan, request, told, known);
        var factor = DriftedTimes.Factor(plan, ratio, new KnownCurves(request, space, book))
            ?? throw Unknown(plan, $"none of the plan's paths is among the {space.Configurations.Count} configurations that are known from {string.Join(", ", asked.Profiles)}");
        var made = BesideTheServed(request with { ServiceFactor = factor }, asked.BesideBytes);
        return PlanFormat.Seal(made with
        {
            Validated = Validation.NotRun(string.Create(
                CultureInfo.InvariantCulture, $"planned beside a server whose runs took {ratio:F2} times what its plan of {plan.Provenance.Date} explains, from known measurements times {factor:F3}{note}")),
        });

        Plan BesideTheServed(PlanRequest whole, long bytes)
        {
            try
            {
                return Run(bytes < whole.MemoryLimitBytes ? whole with { MemoryLimitBytes = bytes, MemoryLimitBy = "free now, beside the served plan" } : whole);
            }
            catch (Exception e) when (e is NoFeasiblePlanException or MissingResourceException && bytes < whole.MemoryLimitBytes)
            {
                // Nothing that fits beside is good enough, or was measured; whoever ends the server first has room for more.
                return Run(whole);
            }
        }

        Plan Run(PlanRequest question)
        {
            var nothing = new NothingLive();
            return new Planner(nothing, nothing, nothing, clock, new Silence()).Run(question, space, known, cancellation).Plan;
        }
    }

    /// <summary>The command that plans anew for a plan's question, as far as a plan remembers it.</summary>
    public static string CommandLine(Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.Asked is { } asked)
        {
            // A plan that was made offline is made anew by measuring.
            return PlanArguments.CommandLine(asked.Where(argument => argument.Key != "offline").ToDictionary(StringComparer.Ordinal));
        }

        var (card, skew) = (plan.Model.Card, plan.Workload.Skew);
        List<string> words = ["rectune plan --model", card.Graph?.File ?? (Zoo.TryGetText(card.Name, out _) ? card.Name : $"<the card of {card.Name}>"), "--sla", plan.Sla.ToString()];
        if (plan.Promise.FixedLoad)
        {
            words.AddRange(["--qps", Text($"{plan.Promise.Qps}")]);
        }

        words.AddRange(["--objective", plan.Objective, "--workload", plan.Workload.Sizes]);
        words.AddRange(["--arrivals", plan.Workload.ArrivalTrace is { } trace ? $"trace:{trace.File}" : plan.Workload.Arrivals]);
        words.AddRange(skew.Kind switch
        {
            SkewKind.Data => ["--data", skew.DataFile ?? "FILE"],
            SkewKind.Trace => ["--skew", $"trace:{skew.DataFile ?? "FILE"}"],
            _ => ["--skew", skew.Key()],
        });
        if (plan.Scheduler.QualityMin is { } least)
        {
            words.AddRange(["--quality-min", Text($"{card.Quality?.Metric ?? "accuracy"}={least}")]);
        }

        words.AddRange(["--seed", Text($"{plan.Seed}")]);
        return string.Join(' ', words);
    }

    /// <summary>Profiles that the plan was made from, as it names them.</summary>
    public static IReadOnlyList<string> ProfilesOf(Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Asked is { } asked ? PlanCommand.ProfilesOf(PlanArguments.Read(asked)) : [];
    }

    /// <summary>
    /// What was searched for the plan, and the paths that it chose of it; where the plan does not say, or the space's file is gone or today's memory makes another space of it, whatever was measured. The note says so.
    /// </summary>
    private static (SearchSpace Space, string Note) SpaceOf(Plan plan, PlanRequest request, SettingValues? told, MeasurementRow[] known)
    {
        var measured = SearchSpace.Measured(
            [.. known.Select(row => row.Key.Configuration).DistinctBy(configuration => configuration.Id()).OrderBy(configuration => configuration.Id(), StringComparer.Ordinal)],
            [.. known.Select(row => row.Key.Batch).Distinct().Order()],
            new BatchLimits(plan.Scheduler.SplitSamples, plan.Scheduler.MaxBatch));
        if (told is null)
        {
            return (measured, "");
        }

        try
        {
            var card = plan.Model.Card;
            var knobs = MeasuringSettings.KnobsFor(MeasuringSettings.SpaceOf(told), MeasuringSettings.KnobsOf(told), card, request.Machine, request.MemoryLimitBytes);
            return (SearchSpace.ForCpu(request.Machine.Cpu.Cores, knobs, card).With(plan.Paths.Select(path => path.Configuration)), "");
        }
        catch (Exception e) when (e is MissingResourceException or InvalidInputException)
        {
            return (measured, $", among all paths that were measured: {e.Message}");
        }
    }

    /// <param name="told">What the command that made the plan was told. Null: read from what it chose; answers are asked to be as good, and may change scores as much.</param>
    private static PlanRequest Request(ProposalRequest asked, SettingValues? told)
    {
        var plan = asked.Plan;
        var load = QueryLoad.Of(plan.Workload);
        var machine = plan.Machines[0];
        var limits = LimitsFile.Find(ProfileFolder.Default(machine), machine);
        var memoryMax = told is null ? null : MeasuringSettings.MemoryMaxOf(told);
        var (memory, by) = memoryMax is { } most && most.Bytes < asked.MemoryLimitBytes ? (most.Bytes, "--memory-max of the plan") : (asked.MemoryLimitBytes, "free now, with what the served plan takes");
        return new PlanRequest
        {
            Model = plan.Model,
            Machine = machine,
            Sla = plan.Sla,
            Workload = plan.Workload,
            Qps = plan.Promise.FixedLoad ? plan.Promise.Qps : null,
            Objective = plan.Objective,
            QualityMin = told is not null ? QualitySettings.LeastOf(told, plan.Model.Card) : plan.Scheduler.QualityMin ?? (plan.Paths.All(path => path.Quality.Value is not null) ? plan.Paths.Min(path => path.Quality.Value) : null),
            Qualities = told is not null ? QualitySettings.KnownOf(told) : Said(plan),
            MemoryLimitBytes = memory,
            MemoryLimitBy = by,
            Lossy = told is not null ? PlanCommand.LossyOf(told) : plan.Paths.Any(path => path.MaxScoreChange > Planner.LossyScoreChange),
            Offline = true,
            BudgetSeconds = (told is null ? PlanSimulation.UsualBudget : PlanCommand.BudgetOf(told)).Seconds,
            Seed = plan.Seed,
            Version = MachineDetector.RectuneVersion(),
            Asked = plan.Asked,
            Arrivals = load.Arrivals,
            Sizes = load.Sizes,
            Limits = limits,
            WakeUpUs = limits?.WakeUpUs,
        };
    }

    /// <summary>Qualities that no card says: the user said them when the plan was made.</summary>
    private static Dictionary<string, double> Said(Plan plan) => plan.Paths
        .Where(path => path.Quality.Value is { } value && PathQuality.Of(plan.Model.Card, path.Configuration, path.MaxScoreChange).Value != value)
        .DistinctBy(path => path.Configuration.Representation.Id())
        .ToDictionary(path => path.Configuration.Representation.Id(), path => path.Quality.Value!.Value, StringComparer.Ordinal);

    private static MissingResourceException Unknown(Plan plan, string what) =>
        new($"No plan can be proposed: {what}.", $"Name a profile with --profile, or plan anew when the machine is free: {CommandLine(plan)}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed class Silence : IProgress<PlanningProgress>
    {
        public void Report(PlanningProgress value)
        {
        }
    }
}
