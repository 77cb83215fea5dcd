using System.CommandLine;
using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Planning;
using Rectune.Core.Units;

namespace Rectune.Cli;

/// <summary><c>rectune explain</c>: why a plan is as it is.</summary>
internal static class ExplainCommand
{
    private static readonly Argument<string> PlanFile = new("plan") { Description = "The plan, as written by rectune plan" };

    /// <summary>Of a machine for an hour, in any money.</summary>
    private const double MostPrice = 1e9;

    private static readonly SettingOf<double> Load = new(SettingKinds.Rate)
    {
        Name = "load",
        Metavar = "N",
        Description = "Load of a whole fleet, queries/s: how many such machines hold it, one of them to spare",
        Otherwise = "one machine is explained",
    };

    private static readonly SettingOf<double> Price = new(SettingKinds.Rate)
    {
        Name = "price",
        Metavar = "N",
        Description = "What one machine costs an hour, in any money: what the fleet for --load costs",
        Otherwise = "machines are counted only",
    };

    public static CommandDescription Create() => new()
    {
        Name = "explain",
        Summary = "Why this plan: what binds, what relaxing it would buy, and which paths come close; from the plan file alone.",
        Examples = ["rectune explain plan.json", "rectune explain plan.json --load 50000 --price 0.34", "rectune explain plan.json --json"],
        Arguments = [PlanFile],
        Settings = [Load, Price, ArrivalsChoice.Moved],
        Run = Run,
    };

    private static int Run(Invocation invocation)
    {
        var (values, terminal) = (invocation.Values, invocation.Terminal);
        var file = invocation.Argument(PlanFile);
        var plan = LoadedPlan.Read(file);
        double? price = values.TryGet(Price, out var given) ? given : null;
        FleetSize? fleet = values.TryGet(Load, out var loadQps) ? FleetSize.For(plan, loadQps, price) : null;
        if (fleet is { Machines: > FleetSize.Most })
        {
            throw new InvalidInputException("--load", Text($"found {loadQps} queries/s, expected what {FleetSize.Most} machines at {fleet.PromiseQps:F0} each hold"), "give the load of the whole fleet in queries a second");
        }

        if (price > MostPrice)
        {
            throw new InvalidInputException("--price", Text($"found {price}, expected at most {MostPrice}"), "give what one machine costs an hour");
        }

        if (price is not null && fleet is null)
        {
            throw new InvalidInputException("--price", "found without --load", "say with --load how many queries a second the machines are for");
        }

        var load = QueryLoad.Of(plan.Workload, values.TryGet(ArrivalsChoice.Moved, out var moved) ? moved : null);
        terminal.Progress("simulating other targets");
        var explanation = PlanExplanation.Of(plan, sla => PlanSimulation.Of(plan, sla, load)) with { Fleet = fleet };
        terminal.EndProgress();
        terminal.Json(explanation);
        Print(terminal, plan, explanation);
        return ExitCodes.Done;
    }

    private static void Print(Terminal terminal, Plan plan, PlanExplanation explanation)
    {
        terminal.Result($"{plan.Model.Name} on {explanation.PathId}, {plan.Machines[0].Id}: {explanation.Why}");
        terminal.Result($"binds     {explanation.Binding}: {explanation.Because} (simulated)");
        if (explanation.Evidence is { } evidence)
        {
            terminal.Result($"evidence  {evidence}");
        }

        if (explanation.Asked is { } asked)
        {
            terminal.Result($"asked     {PlanArguments.CommandLine(asked)}");
        }

        terminal.Result("");
        var limits = Terminal.Table($"p{plan.Sla.Percentile.ToString(CultureInfo.InvariantCulture)} ≤ {plan.Sla.LimitMs.ToString(CultureInfo.InvariantCulture)} ms", "capacity of this path, queries/s", "change");
        Terminal.Row(limits, "as planned", explanation.CapacityQps.Text("F0"), "");
        foreach (var limit in explanation.Limits)
        {
            Terminal.Row(limits, limit.Change, limit.CapacityQps.Text("F0"), PlanText.Change(limit.Gain, limit.WithinNoise));
        }

        terminal.Result(limits);
        if (explanation.Fleet is { } fleet)
        {
            terminal.Result("");
            terminal.Result(Fleet(fleet));
        }

        if (explanation.Alternatives.Count == 0)
        {
            terminal.Result("no other path is on the frontier of goodput, quality and memory");
            return;
        }

        terminal.Result("");
        var others = Terminal.Table("other paths of the frontier", "promise, queries/s", "change", "memory", "why not");
        foreach (var other in explanation.Alternatives)
        {
            Terminal.Row(
                others,
                other.Path.PathId,
                other.Path.PromiseQps.Text("F0"),
                PlanText.Change(other.Gain, other.WithinNoise),
                $"{(other.MemoryBytes < 0 ? "−" : "+")}{new ByteSize(Math.Abs(other.MemoryBytes))}",
                other.Path.Why);
        }

        terminal.Result(others);
    }

    private static string Fleet(FleetSize fleet)
    {
        var origin = fleet.Source == Provenance.Measured ? "certified" : "predicted, not certified";
        var cost = fleet is { CostPerHour: { } hour, CostPerMillionQueries: { } million } ? Text($"; {hour} an hour at {fleet.PricePerHour} each, {million} a million queries") : "";
        return Text($"fleet     {fleet.Machines} machines for {fleet.LoadQps} queries/s: {fleet.Needed} at up to {fleet.PromiseQps:F0} each ({origin}), and one to spare; {fleet.EachQps:F0} each while all run{cost}");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
