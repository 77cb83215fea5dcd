using System.Globalization;
using Rectune.Benchmarks.Profiles;

namespace Rectune.Benchmarks.Serving;

/// <summary>One workload: plans for it, every setting of the comparison server tried, then the best setting, the defaults and the plans side by side in turn.</summary>
internal sealed class NodeContest(ComparedModel model, ScoreQuestions questions, Options options, string workload)
{
    /// <summary>Largest difference of a score, absolute, that summing in another order explains.</summary>
    private const double LargestError = 1e-5;

    /// <summary>Scores must differ from sample to sample by much more than that, or comparing them says nothing.</summary>
    private const double LeastSpread = 100 * LargestError;

    private readonly List<Trial> trials = [];
    private float[] expected = [];
    private double largestDifference;

    private string Sla => options.Text("--sla", "p99=20ms");

    /// <summary>Ladders of the rounds take this long a rate, seconds; the search of the settings less.</summary>
    private double Seconds => options.Number("--seconds", 20);

    public void Hold(Report report)
    {
        var budget = options.Text("--budget", "60s");
        Tell("planning in full precision");
        var name = $"full-{workload.Replace(':', '-')}";
        var full = new ServedPlan(model, name, Sla, workload, budget, [], "--set", "representation=table", "--set", "table-precision=fp32", "--set", "dense-precision=fp32");
        Tell("planning in any precision");
        var any = new ServedPlan(model, $"any-{workload.Replace(':', '-')}", Sla, workload, budget, [name]);
        using (var server = full.Start())
        {
            expected = questions.Ask(server, atOnce: 1);
        }

        if (expected.Max() - expected.Min() < LeastSpread)
        {
            throw new InvalidOperationException($"all scores lie between {expected.Min()} and {expected.Max()}: nothing would be seen of another model's");
        }

        double changed;
        using (var server = any.Start())
        {
            changed = ScoreQuestions.LargestDifference(questions.Ask(server, atOnce: 1), expected);
        }

        var best = Search();
        var contenders = new List<Contender> { new("rectune, fp32 alone", full.Start), new("rectune, any precision", any.Start), Comparison("comparison, best setting", best) };
        if (best != OrtSetting.Default)
        {
            contenders.Add(Comparison("comparison, defaults", OrtSetting.Default));
        }

        SideBySide(contenders);
        Append(report, full, any, changed, best, contenders);
    }

    private OrtSetting Search()
    {
        var seconds = options.Number("--search-seconds", 8);
        var settings = options.Has("--settings") ? [.. options.Text("--settings", "").Split(',').Select(OrtSetting.Parse)] : OrtSetting.Tried;
        foreach (var setting in settings)
        {
            using var server = StartChecked(setting);
            var found = Climb(server, seconds);
            trials.Add(new Trial(setting, found));
            Tell($"setting {setting}: {Shown(found)}");
        }

        return trials.OrderByDescending(trial => trial.Found.Certified).ThenByDescending(trial => trial.Found.GoodputQps).First().Setting;
    }

    private void SideBySide(List<Contender> contenders)
    {
        for (var round = 0; round < options.Whole("--rounds", 3); round++)
        {
            for (var i = 0; i < contenders.Count; i++)
            {
                // Nobody is always first.
                var contender = contenders[(i + round) % contenders.Count];
                using var server = contender.Start();
                contender.Rounds.Add(Climb(server, Seconds));
                Tell($"round {round + 1}, {contender.Name}: {Shown(contender.Rounds[^1])}");
            }
        }
    }

    private LadderResult Climb(ServerProcess server, double seconds) => LadderResult.Of(
        RectuneProgram.Answer(
            "bench", server.Address, "--model", model.CardFile, "--sla", Sla, "--workload", workload, "--for", string.Create(CultureInfo.InvariantCulture, $"{seconds}s"), "--json")
        ?? throw new InvalidOperationException($"rectune bench did not answer for {server.Address}"));

    private Contender Comparison(string name, OrtSetting setting) => new($"{name} ({setting})", () => StartChecked(setting));

    /// <summary>A server that gives other scores is another model's, and no comparison.</summary>
    private ServerProcess StartChecked(OrtSetting setting)
    {
        var server = NodeRuntime.Start(setting, model);
        try
        {
            var difference = ScoreQuestions.LargestDifference(questions.AskTogether(server), expected);
            largestDifference = Math.Max(largestDifference, difference);
            return difference <= LargestError
                ? server
                : throw new InvalidOperationException($"setting {setting}: scores differ by up to {difference:G3} from rectune's, expected at most {LargestError:G1}: these are not the same model");
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    private void Append(Report report, ServedPlan full, ServedPlan any, double changed, OrtSetting best, List<Contender> contenders)
    {
        var text = report.Text;
        text.Append(CultureInfo.InvariantCulture, $"\n## {workload}, {Sla}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"- rectune, fp32 alone: {full.Paths}, planned in process to hold {full.PromisedQps:F0} queries/s\n");
        text.Append(CultureInfo.InvariantCulture, $"- rectune, any precision: {any.Paths}, planned in process to hold {any.PromisedQps:F0} queries/s; scores differ by up to {changed:G2} from fp32\n");
        text.Append(CultureInfo.InvariantCulture, $"- scores of the comparison server in all settings against rectune's in fp32: {largestDifference:G2} apart at most, over {expected.Length} samples of queries sent together, whose scores lie between {expected.Min():F4} and {expected.Max():F4}\n\n");
        text.Append("Settings of the comparison server, tried once each by a short search:\n\n");
        text.Append("| processes | threads each | batch, samples | goodput, queries/s | p99, ms | rate certified | more over the limit than may be at |\n|---|---|---|---|---|---|---|\n");
        foreach (var (setting, found) in trials)
        {
            var chosen = setting == best ? "**" : "";
            text.Append(CultureInfo.InvariantCulture, $"| {chosen}{setting.Processes}{chosen} | {chosen}{setting.ThreadsText}{chosen} | {chosen}{setting.BatchText}{chosen} | {found.GoodputQps:F0} | {Cell(found.P99Ms)} | {Rate(found)} | {Beyond(found)} |\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"\nSide by side, rounds in turn ({contenders[0].Rounds.Count}):\n\n| server | goodput, queries/s, median | range | p99 at it, ms, median | range | rates certified |\n|---|---|---|---|---|---|\n");
        foreach (var contender in contenders)
        {
            double[] goodput = [.. contender.Rounds.Select(round => round.GoodputQps)];
            double[] tails = [.. contender.Rounds.Select(round => round.P99Ms).OfType<double>()];
            text.Append(CultureInfo.InvariantCulture, $"| {contender.Name} | {Report.Median(goodput):F0} | {goodput.Min():F0}–{goodput.Max():F0} | ");
            text.Append(tails.Length == 0 ? "- | -" : string.Create(CultureInfo.InvariantCulture, $"{Report.Median(tails):F1} | {tails.Min():F1}–{tails.Max():F1}"));
            text.Append(CultureInfo.InvariantCulture, $" | {string.Join(", ", contender.Rounds.Select(Rate))} |\n");
        }

        text.Append("\n| goodput over | median of the rounds | range |\n|---|---|---|\n");
        foreach (var own in contenders.Take(2))
        {
            foreach (var other in contenders.Skip(2))
            {
                var ratios = own.Over(other);
                text.Append(ratios.Length == 0
                    ? $"| {own.Name} over {other.Name} | - | it held no rate in some round |\n"
                    : string.Create(CultureInfo.InvariantCulture, $"| {own.Name} over {other.Name} | {Report.Median(ratios):F2} | {ratios[0]:F2}–{ratios[^1]:F2} |\n"));
            }
        }

        if (best == OrtSetting.Default)
        {
            text.Append("\nThe defaults are the best setting here.\n");
        }
    }

    private void Tell(string text) => Console.Error.WriteLine($"{workload}: {text}");

    private static string Shown(LadderResult found) => string.Create(
        CultureInfo.InvariantCulture, $"goodput {found.GoodputQps:F0} queries/s, p99 {Cell(found.P99Ms)} ms, {(found.Certified ? "certified" : "not certified")}, beyond at {Beyond(found)}");

    private static string Rate(LadderResult found) => found.Certified ? found.Qps.ToString("G6", CultureInfo.InvariantCulture) : "none";

    private static string Beyond(LadderResult found) => found.BeyondQps is { } beyond
        ? string.Create(CultureInfo.InvariantCulture, $"{beyond:G6}{(found.GeneratorLimited ? " (the client's doing)" : "")}")
        : "-";

    private static string Cell(double? value) => value?.ToString("F1", CultureInfo.InvariantCulture) ?? "-";

    /// <summary>A setting and what the short search found of it.</summary>
    private sealed record Trial(OrtSetting Setting, LadderResult Found);
}
