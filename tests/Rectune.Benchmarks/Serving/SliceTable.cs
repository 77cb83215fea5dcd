using System.Globalization;
using System.Text;
using Rectune.Core.Numerics;

namespace Rectune.Benchmarks.Serving;

/// <summary>Figures of short slices measured in turn: what a minute of a shared machine does to one side, it does to the other.</summary>
internal sealed class SliceTable
{
    private const double Confidence = 0.95;

    private readonly List<(string Title, string Format, List<double> Values)> rows = [];

    /// <summary>Another figure; its values are added as they come.</summary>
    /// <param name="format">Of a value, such as <c>F0</c>.</param>
    public List<double> Row(string title, string format)
    {
        rows.Add((title, format, []));
        return rows[^1].Values;
    }

    /// <summary>Measures two sides, either first in every second slice: what comes first finds the cores as the slice before left them.</summary>
    public static (double One, double Other) InTurn(int slice, Func<double> one, Func<double> other)
    {
        if (slice % 2 == 0)
        {
            return (one(), other());
        }

        var first = other();
        return (one(), first);
    }

    /// <summary>Forgets the slices so far, which warmed up.</summary>
    public void Clear() => rows.ForEach(row => row.Values.Clear());

    /// <summary>Medians over all slices, their 95 % confidence (order statistics, as if slices were independent), and where the middle eight tenths of the slices lie.</summary>
    public void Append(StringBuilder text)
    {
        text.Append("| figure | median | 95 % confidence | slices, p10–p90 |\n|---|---|---|---|\n");
        foreach (var (title, format, values) in rows)
        {
            double[] sorted = [.. values.Order()];
            var between = PercentileInterval.Of(sorted, 0.5, Confidence) is { } interval ? $"{Text(interval.Low)}–{Text(interval.High)}" : "-";
            text.Append(CultureInfo.InvariantCulture, $"| {title} | {Text(Percentiles.Interpolated(sorted, 0.5))} | {between} | {Text(Percentiles.Interpolated(sorted, 0.1))}–{Text(Percentiles.Interpolated(sorted, 0.9))} |\n");

            string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture);
        }
    }
}
