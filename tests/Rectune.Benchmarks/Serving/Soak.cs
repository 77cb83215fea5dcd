using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;
using Rectune.Benchmarks.Profiles;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Models;
using Rectune.Core.Numerics;

namespace Rectune.Benchmarks.Serving;

/// <summary>
/// A served plan under steady load over HTTP for minutes, with unruly clients between the good ones and its plan loaded anew every minute: whether memory, files and threads stay as they are, and
/// whether any good query is harmed.
/// </summary>
internal static class Soak
{
    private const int SecondsAMinute = 58;

    /// <summary>Growth of resident memory, over the second half of the time, that a server still counts as flat with: less than the collector leaves undone.</summary>
    private const double FlatShare = 0.05;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    public static int Run(Options options)
    {
        var minutes = options.Whole("--minutes", 10);
        var (name, sla) = (options.Text("--model", "dlrm"), options.Text("--sla", "p99=20ms"));
        var report = new Report(options, "Minutes of load, unruly clients and new plans");
        var folder = Directory.CreateTempSubdirectory("rectune-soak").FullName;
        try
        {
            var (card, plan, log) = (Path.Combine(folder, "card.json"), Path.Combine(folder, "plan.json"), Path.Combine(folder, "server.jsonl"));
            File.WriteAllText(card, CardFormat.Write(Capped(name, options.Whole("--rows-cap", 200_000))));
            Console.Error.WriteLine("planning");
            _ = RectuneProgram.Answer("plan", "--model", card, "--sla", sla, "--budget", options.Text("--budget", "40s"), "--out", plan, "--json") ?? throw new InvalidOperationException("there is no plan");
            using var server = new AppliedPlan(plan, "--log", log);
            var (qps, asked) = (options.Number("--qps", 0), options.Has("--qps"));
            if (!asked)
            {
                Console.Error.WriteLine("looking for the highest rate");
                var capacity = RectuneProgram.Answer("bench", server.Url, "--model", card, "--sla", sla, "--json")?["capacity"];
                qps = 0.6 * ((double?)capacity?["heldQps"] ?? throw new InvalidOperationException("the server holds no rate: name one with --qps"));
            }

            report.Text.Append(CultureInfo.InvariantCulture, $"- {name} with tables of at most {options.Whole("--rows-cap", 200_000)} rows, planned for {sla}, served by `rectune apply` and loaded by `rectune bench` at {qps:F0} queries/s{(asked ? "" : ", six tenths of what it held")}\n");
            report.Text.Append("- meanwhile ten connections a second that send garbage, leave in the middle, dawdle or lie about lengths; the plan is loaded anew in the middle of every minute, for which its memory is there twice for a moment\n");
            report.Text.Append("- seen from outside each second; managed: memory in use by the server's own metrics\n\n");
            List<Minute> seen = [];
            using (var unruly = new UnrulyClients(server.Address, name))
            {
                for (var minute = 1; minute <= minutes; minute++)
                {
                    seen.Add(Drive(server, card, sla, qps));
                    Console.Error.WriteLine($"minute {minute}: {seen[^1]}");
                }

                report.Text.Append(CultureInfo.InvariantCulture, $"{unruly.Sent} unruly connections.\n\n");
            }

            var code = server.Stop();
            var events = File.ReadAllLines(log).Select(line => (string)JObject.Parse(line)["event"]!).CountBy(kind => kind, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
            var flat = Conclude(report, seen, minutes, code, events);
            report.Write("soak.md");
            return flat ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ModelCard Capped(string name, int rows)
    {
        var card = Zoo.TryGetText(name, out var text) ? CardFormat.Read(text, name) : throw new ArgumentException($"no model of the zoo is called '{name}'", nameof(name));
        return card with { Sparse = [.. card.Sparse.Select(feature => feature with { Rows = Math.Min(feature.Rows, rows) })] };
    }

    /// <summary>A minute of load, with what was seen in each of its seconds.</summary>
    private static Minute Drive(AppliedPlan server, string card, string sla, double qps)
    {
        JObject? answer = null;
        var bench = new Thread(() => answer = RectuneProgram.Answer(
            "bench", server.Url, "--model", card, "--sla", sla, "--qps", qps.ToString("R", CultureInfo.InvariantCulture), "--for", string.Create(CultureInfo.InvariantCulture, $"{SecondsAMinute}s"), "--json"));
        bench.Start();
        using var http = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromSeconds(10) };
        List<(ProcessSample Process, double ManagedMiB)> samples = [];
        var begun = Stopwatch.GetTimestamp();
        var reloaded = false;
        while (!bench.Join(Tick))
        {
            if (server.HasEnded)
            {
                throw new InvalidOperationException("the server has ended");
            }

            samples.Add((ProcessSample.Of(server.ProcessId), Metric(http.GetStringAsync("/metrics").GetAwaiter().GetResult(), "dotnet_gc_heap_bytes") / (1 << 20)));
            if (!reloaded && Stopwatch.GetElapsedTime(begun).TotalSeconds > SecondsAMinute / 2.0)
            {
                reloaded = true;
                server.Reload();
            }
        }

        var page = http.GetStringAsync("/metrics").GetAwaiter().GetResult();
        var rate = answer?["rates"]?[0] ?? throw new InvalidOperationException("rectune bench answered nothing");
        var client = rate["client"]!;
        var (sent, answered) = ((long)client["sent"]!, (long)client["answered"]!);
        return new Minute
        {
            EndMiB = Report.Median(samples.TakeLast(5).Select(sample => sample.Process.ResidentMiB)),
            LeastMiB = samples.Min(sample => sample.Process.ResidentMiB),
            MostMiB = samples.Max(sample => sample.Process.ResidentMiB),
            PeakMiB = samples[^1].Process.PeakMiB,
            ManagedMiB = samples.Min(sample => sample.ManagedMiB),
            Files = samples[^1].Process.Files,
            Threads = samples[^1].Process.Threads,
            Sent = sent,
            Refused = (long)client["refused"]!,
            Failed = sent - answered - (long)client["refused"]!,
            P99Ms = (double?)rate["measured"]?["p99Ms"]?["value"],
            FailedInside = Metric(page, "rectune_queries_total{outcome=\"failed\"}"),
        };
    }

    private static double Metric(string page, string name) =>
        double.Parse(Regex.Match(page, $"^{Regex.Escape(name)} (.+)$", RegexOptions.Multiline).Groups[1].Value, CultureInfo.InvariantCulture);

    private static bool Conclude(Report report, List<Minute> seen, int minutes, int? code, Dictionary<string, int> events)
    {
        var text = report.Text;
        text.Append("| minute | resident at its end, MiB | least | most | peak so far | managed, least, MiB | files | threads | sent | refused | failed | p99, ms |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        for (var i = 0; i < seen.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {i + 1} {seen[i]}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"\nThe server ended with {(code is { } known ? $"exit code {known}" : "a kill, since it did not end in a minute")}; its log: {string.Join(", ", events.OrderBy(kind => kind.Key, StringComparer.Ordinal).Select(kind => $"{kind.Key} {kind.Value}"))}.\n");
        var half = seen.Skip(minutes / 2).Select(minute => minute.LeastMiB).ToArray();
        if (half.Length < 3)
        {
            text.Append("\nToo short for a trend.\n");
            return false;
        }

        var slope = Trend.Slope(half);
        var (level, steps) = (Report.Median(half), half.Length - 1);
        var (flat, harmed) = (slope.High * steps <= FlatShare * level, seen.Sum(minute => minute.Failed));
        text.Append(CultureInfo.InvariantCulture, $"\nLeast resident memory of the minutes of the second half: {slope.Value:+0.0;-0.0} MiB a minute (95 % interval {slope.Low:+0.0;-0.0} to {slope.High:+0.0;-0.0}), at most {slope.High * steps / level:P1} of {level:F0} MiB over that half: {(flat ? "flat" : "not shown to be flat")} (up to {FlatShare:P0} is). ");
        text.Append(CultureInfo.InvariantCulture, $"Good queries that failed: {harmed} of {seen.Sum(minute => minute.Sent)}.\n");
        return flat && harmed == 0 && code == 0;
    }

    /// <summary>One minute; memory in MiB.</summary>
    private sealed record Minute
    {
        public required double EndMiB { get; init; }

        public required double LeastMiB { get; init; }

        public required double MostMiB { get; init; }

        public required double PeakMiB { get; init; }

        public required double ManagedMiB { get; init; }

        public required int Files { get; init; }

        public required int Threads { get; init; }

        public required long Sent { get; init; }

        public required long Refused { get; init; }

        public required long Failed { get; init; }

        public required double? P99Ms { get; init; }

        /// <summary>Since the server began.</summary>
        public required double FailedInside { get; init; }

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"| {EndMiB:F0} | {LeastMiB:F0} | {MostMiB:F0} | {PeakMiB:F0} | {ManagedMiB:F1} | {Files} | {Threads} | {Sent} | {Refused} | {Failed} ({FailedInside:F0} by the server) | {P99Ms:F2} |");
    }
}
