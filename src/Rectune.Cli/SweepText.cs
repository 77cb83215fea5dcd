using System.Globalization;
using System.Text;
using Rectune.Core.Domain;
using Rectune.Core.Units;

namespace Rectune.Cli;

/// <summary>A sweep over latency targets as people and spreadsheets read it.</summary>
internal static class SweepText
{
    private const string TableExtension = ".csv";

    /// <summary>Prints the sweep, and writes it where <paramref name="file"/> is a table's name. Done when any target can be met.</summary>
    public static int Conclude(Terminal terminal, IReadOnlyList<SweepEntry> targets, string file)
    {
        terminal.EndProgress();
        terminal.Json(new SweepReport { Targets = targets });
        var table = Terminal.Table("target", "promise, queries/s", "capacity, queries/s", "path", "split/batch", "memory");
        foreach (var target in targets)
        {
            if (target.Best is { } best)
            {
                Terminal.Row(
                    table,
                    target.Sla.ToString(),
                    best.PromiseQps.Text("F0"),
                    target.CapacityQps!.Text("F0"),
                    best.PathId,
                    Text($"{best.SplitSamples}/{best.MaxBatch}"),
                    new ByteSize(best.MemoryBytes).ToString());
            }
            else
            {
                Terminal.Row(table, target.Sla.ToString(), "-", "-", $"none: {target.WhyNone!.Available}", "-", "-");
            }
        }

        terminal.Result(table);
        terminal.Result("predicted from measurements, not certified by live load");
        if (IsTable(file))
        {
            FileText.Write(file, Csv(targets), "the table");
            terminal.Message($"written to {file}; next: rectune plan with one of the targets as --sla");
        }

        return targets.Any(target => target.Best is not null) ? ExitCodes.Done : ExitCodes.Infeasible;
    }

    public static bool IsTable(string file) => file.EndsWith(TableExtension, StringComparison.OrdinalIgnoreCase);

    private static string Csv(IReadOnlyList<SweepEntry> targets)
    {
        var text = new StringBuilder("percentile,limitMs,promiseQps,capacityQps,capacityLowQps,capacityHighQps,path,splitSamples,maxBatch,memoryBytes\n");
        foreach (var target in targets)
        {
            text.Append(CultureInfo.InvariantCulture, $"{target.Sla.Percentile},{target.Sla.LimitMs},");
            text.Append(target is { Best: { } best, CapacityQps: { } capacity }
                ? Text($"{best.PromiseQps.Value},{capacity.Value},{capacity.Low},{capacity.High},\"{best.PathId}\",{best.SplitSamples},{best.MaxBatch},{best.MemoryBytes}\n")
                : ",,,,,,,\n");
        }

        return text.ToString();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
