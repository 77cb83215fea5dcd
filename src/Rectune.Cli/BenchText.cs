using System.Globalization;
using System.Text;
using Rectune.Core.Domain;
using Rectune.Engine.Load.Http;

namespace Rectune.Cli;

/// <summary>What <c>rectune bench</c> saw as people and spreadsheets read it.</summary>
internal static class BenchText
{
    private const string Columns =
        "offeredQps,verdict,goodputQps,p50Ms,p95Ms,p99Ms,targetMs,overLimitShare,queries,replications,sent,answered,refused,otherStatus,malformed,disconnected,timedOut,"
        + "acceptedP50Ms,acceptedP99Ms,mostConnections,waitedForConnection,latenessP50Us,latenessP99Us,latenessMaxUs,gapVariation,generatorCpuShare,clientCpuShare,generatorLimiting\n";

    /// <summary>Says what is sent before it is.</summary>
    public static void Defaults(Terminal terminal, BenchOptions options, BenchServer server)
    {
        var ids = options.Card is null ? Text($"ids uniform below {options.IdBound} (--max-id)") : $"candidates of the card {options.Card.Name}, ids {server.Workload.Skew.Key()}";
        terminal.Message($"model '{server.Model.Name}' at {server.Address} ({server.Protocol}{(options.Access.HasToken ? ", with a token" : "")}), {server.Model.Inputs.Count} inputs, {options.Encoding.ToString().ToLowerInvariant()} tensors; target {options.Sla}");
        terminal.Message(Text(
            $"queries: {server.Workload.Sizes} (mean {server.Requests.Sizes.MeanSamples:F0} samples) in {server.Requests.Count} prepared requests, {server.Workload.Arrivals} arrivals, {ids}{(options.QualityMin is { } least ? Text($", each asking for a quality of {least}") : "")}; seed {options.Seed}"));
        terminal.Message(Text($"up to {options.Connections} queries under way{(server.Protocol == "http/1.1" ? ", each on a connection of its own" : "; the runtime's own client carries them, which takes more of the processor than plain HTTP/1.1 does")}; a query without an answer after {options.Timeout} has failed"));
    }

    public static void Print(Terminal terminal, BenchReport report)
    {
        string[] target = Performance.Has(report.Sla.Percentile) ? [] : [Text($"p{report.Sla.Percentile}, ms")];
        var table = Terminal.Table(["queries/s", "p50, ms", "p95, ms", "p99, ms", .. target, "over the limit", "goodput, queries/s", "refused*", "failed*", "connections", "verdict"]);
        foreach (var rate in report.Rates)
        {
            Terminal.Row(
                table,
                [
                    Text($"{rate.OfferedQps:G6}"),
                    Cell(rate.Measured?.P50Ms, "F2"),
                    Cell(rate.Measured?.P95Ms, "F2"),
                    Cell(rate.Measured?.P99Ms, "F2"),
                    .. target.Select(_ => Cell(rate.Measured?.TargetMs, "F2")),
                    Cell(rate.Measured?.OverLimitShare, "P2"),
                    Cell(rate.Measured?.GoodputQps, "F1"),
                    Text($"{rate.Client.Refused}"),
                    Text($"{Failed(rate.Client)}"),
                    Text($"{rate.Client.MostConnections}"),
                    rate.Verdict.Name(),
                ]);
        }

        terminal.Result(table);
        if (report.Rates.Any(rate => rate.Client.Refused + Failed(rate.Client) > 0))
        {
            terminal.Result("* of all queries sent; the other columns leave out those of the warm-up");
        }

        foreach (var rate in report.Rates)
        {
            PrintGenerator(terminal, rate, report);
        }

        if (report.Capacity is { } capacity)
        {
            terminal.Result(CapacityOf(capacity, report.Sla));
        }
    }

    /// <summary>A line a rate; empty where nothing is known.</summary>
    public static string Csv(BenchReport report)
    {
        var text = new StringBuilder(Columns);
        foreach (var rate in report.Rates)
        {
            var (seen, client, generator) = (rate.Measured, rate.Client, rate.Generator);
            text.Append(CultureInfo.InvariantCulture, $"{rate.OfferedQps},{rate.Verdict.Name()},{seen?.GoodputQps.Value},{seen?.P50Ms?.Value},{seen?.P95Ms?.Value},{seen?.P99Ms?.Value},{seen?.TargetMs?.Value},");
            text.Append(CultureInfo.InvariantCulture, $"{seen?.OverLimitShare.Value},{rate.Queries},{rate.Replications},{client.Sent},{client.Answered},{client.Refused},{client.OtherStatus},{client.Malformed},");
            text.Append(CultureInfo.InvariantCulture, $"{client.Disconnected},{client.TimedOut},{client.AcceptedP50Ms},{client.AcceptedP99Ms},{client.MostConnections},{client.WaitedForConnection},");
            text.Append(CultureInfo.InvariantCulture, $"{generator?.LatenessP50Us},{generator?.LatenessP99Us},{generator?.LatenessMaxUs},{generator?.GapVariation},{generator?.CpuShare},{client.CpuShare},");
            text.Append(generator is { Limiting: true } ? "true\n" : "false\n");
        }

        return text.ToString();
    }

    private static void PrintGenerator(Terminal terminal, BenchRate rate, BenchReport report)
    {
        if (rate.Generator is not { } generator)
        {
            return;
        }

        var exchange = rate.Client is { AcceptedP50Ms: { } p50, AcceptedP99Ms: { } p99 } ? Text($"; from sending to answer p50 {p50:F2} ms, p99 {p99:F2} ms (answered alone)") : "";
        terminal.Result(Text($"{rate.OfferedQps:G6} queries/s: {GeneratorText.Line(generator)} to submit, {rate.Client.CpuShare:P1} with the sockets{exchange}"));
        if (rate.Client.FirstProblem is { } problem)
        {
            terminal.Warning(Text($"{rate.OfferedQps:G6} queries/s: first of what went wrong: {problem}"));
        }

        if (rate.Verdict != Verdict.Met && rate.Client.WaitedForConnection > 0 && (report.Protocol != "http/1.1" || rate.Client.MostConnections >= report.ConnectionLimit))
        {
            terminal.Warning(Text($"{rate.OfferedQps:G6} queries/s: {rate.Client.WaitedForConnection} queries waited until fewer than {report.ConnectionLimit} were under way. --connections allows more"));
        }

        if (generator.Limiting)
        {
            terminal.Error(Text($"{rate.OfferedQps:G6} queries/s: the load generator was the bottleneck: its own lateness could turn the verdict, which says nothing of the server. Lower --qps, or run it elsewhere."));
        }
    }

    private static string CapacityOf(BenchCapacity capacity, Sla sla)
    {
        var beyond = capacity.BeyondQps is { } over
            ? Text($"; at {over:G6} more were over the limit than may be{(capacity.GeneratorLimited ? ", which was the load generator's own doing" : "")}")
            : "; the ladder ended before the server did";
        return capacity.HeldQps is { } held
            ? Text($"highest rate certified to hold {sla}: {held:G6} queries/s{(capacity.NotHeldQps is { } not ? Text($", not certified at {not:G6}") : "")}{beyond}; each rate judged by itself with {Engine.Validation.LiveLoad.Confidence:P0} confidence")
            : $"no rate was certified to hold {sla}{beyond}; a longer --for gives more evidence";
    }

    private static long Failed(ClientReport client) => client.OtherStatus + client.Malformed + client.Disconnected + client.TimedOut;

    private static string Cell(Estimate? estimate, string format) => estimate is null ? "-" : estimate.Text(format);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
