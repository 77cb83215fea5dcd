using System.CommandLine;
using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Engine.Validation;

namespace Rectune.Cli;

/// <summary><c>rectune bench</c>: open-loop load on a running server.</summary>
internal static class BenchCommand
{
    /// <summary>Where the ladder begins, queries per second of a p99: few servers hold less, and there is no certifying less within a usual time.</summary>
    private const double FirstQps = 200;

    private static readonly Argument<string> Url = new("url") { Description = "Where the server listens, such as http://127.0.0.1:8000" };

    public static CommandDescription Create() => new()
    {
        Name = "bench",
        Summary = "Open-loop load on a running server of the Open Inference Protocol (KServe v2 over HTTP): latency under given rates, or the highest rate that holds a target.",
        Examples =
        [
            "rectune bench http://127.0.0.1:8000 --model dlrm --sla p99=20ms",
            "rectune bench http://127.0.0.1:8000 --model dlrm --sla p99=20ms --qps 500,1000 --for 10s --csv rates.csv",
            "rectune bench https://127.0.0.1:8443 --model dlrm --ca server.pem --token-file token",
            "rectune bench http://127.0.0.1:8000 --name ranker --sla p95=50ms --max-id 1000 --workload fixed:64 --encoding json",
        ],
        Arguments = [Url],
        Settings = BenchSettings.All,
        Run = Run,
    };

    private static int Run(Invocation invocation)
    {
        var (terminal, cancellation) = (invocation.Terminal, invocation.Cancellation);
        var options = BenchSettings.Of(invocation.Argument(Url), invocation.Values);
        using var access = options.Access;
        using var server = BenchServer.Open(options, terminal, invocation.Wiring.Time, cancellation);
        BenchText.Defaults(terminal, options, server);
        var rates = new List<BenchRate>();
        var ladder = options.Qps.Count == 0 ? new RateLadder(FirstQps * options.Sla.Rarity()) : null;
        foreach (var qps in ladder is null ? options.Qps : Climb(ladder, options.Sla, rates))
        {
            var rate = server.Drive(qps, ladder is null ? LoadLength.Whole : LoadLength.UntilDecided, new LoadLine(terminal), cancellation);
            terminal.EndProgress();
            if (rate.Verdict != Verdict.NotRun)
            {
                rates.Add(rate);
                terminal.Message(string.Create(CultureInfo.InvariantCulture, $"{qps:G6} queries/s: {rate.Verdict.Name()}: {rate.Because}"));
            }

            if (cancellation.IsCancellationRequested)
            {
                break;
            }
        }

        Conclude(terminal, options, server, ladder, rates);
        cancellation.ThrowIfCancellationRequested();
        return ladder is null ? rates.Max(rate => VerdictExit.Of(rate.Verdict, rate.Generator)).Code : CodeOf(ladder, rates);
    }

    /// <summary>The ladder's rates, each after the verdict on the one before.</summary>
    private static IEnumerable<double> Climb(RateLadder ladder, Sla sla, List<BenchRate> rates)
    {
        while (ladder.Next is { } qps)
        {
            yield return qps;
            ladder.Tell(OutcomeOf(rates[^1], sla), rates[^1].Generator is { Limiting: true });
        }
    }

    private static RungOutcome OutcomeOf(BenchRate rate, Sla sla) =>
        rate.Verdict == Verdict.Met ? RungOutcome.Held
        : rate.Generator is { Limiting: true } || rate.Measured?.OverLimitShare.Value > sla.AllowedShare() ? RungOutcome.NotHeld
        : RungOutcome.Undecided;

    /// <summary>Share of queries over the limit at which a low rate, of which there are too few queries for a verdict, speaks against the server all the same.</summary>
    private const double HopelessShare = 0.5;

    private static int CodeOf(RateLadder ladder, List<BenchRate> rates) =>
        ladder.GeneratorLimited ? ExitCodes.GeneratorLimited
        : ladder.HeldQps is not null ? ExitCodes.Done
        : rates.All(rate => rate.Verdict == Verdict.Missed || rate.Measured?.OverLimitShare.Value > HopelessShare) ? ExitCodes.Missed
        : ExitCodes.Inconclusive;

    private static void Conclude(Terminal terminal, BenchOptions options, BenchServer server, RateLadder? ladder, List<BenchRate> rates)
    {
        var report = new BenchReport
        {
            Url = server.Address.ToString(),
            Protocol = server.Protocol,
            Model = server.Model.Name,
            Sla = options.Sla,
            Workload = server.Workload,
            IdBound = options.Card is null ? options.IdBound : null,
            Seed = options.Seed,
            Encoding = options.Encoding,
            QualityMin = options.QualityMin,
            PreparedRequests = server.Requests.Count,
            MeanSamples = server.Requests.Sizes.MeanSamples,
            ConnectionLimit = options.Connections,
            TimeoutMs = options.Timeout.Milliseconds,
            Capacity = ladder is null ? null : new BenchCapacity { HeldQps = ladder.HeldQps, NotHeldQps = ladder.NotHeldQps, BeyondQps = ladder.BeyondQps, GeneratorLimited = ladder.GeneratorLimited },
            Rates = rates,
        };
        terminal.Json(report);
        BenchText.Print(terminal, report);
        if (options.Csv is { } file)
        {
            FileText.Write(file, BenchText.Csv(report), "the table");
            terminal.Message($"written to {file}");
        }
    }
}
