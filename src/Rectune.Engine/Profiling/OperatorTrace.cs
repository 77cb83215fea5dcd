using System.Text.Json;
using Rectune.Core.Domain;

namespace Rectune.Engine.Profiling;

/// <summary>Reads the traces that ONNX Runtime's profiler writes: one event a call of an operator, with its time in whole microseconds.</summary>
internal static class OperatorTrace
{
    private const string KernelSuffix = "_kernel_time";

    /// <summary>Times by graph and kind of operator, the longest first, from the traces of all sessions of an instance over <paramref name="runs"/> runs.</summary>
    /// <exception cref="FormatException">A trace is not what the profiler writes.</exception>
    public static IReadOnlyList<OperatorTime> Read(IEnumerable<(string Graph, string Trace)> traces, int runs)
    {
        ArgumentNullException.ThrowIfNull(traces);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(runs);
        var nodes = new List<(string Graph, string Operator, double Calls, double Us)>();
        foreach (var (graph, trace) in traces)
        {
            nodes.AddRange(Calls(trace).GroupBy(call => call.Node, StringComparer.Ordinal).Select(
                node => (graph, node.First().Operator, (double)node.Count() / runs, MiddleMean([.. node.Select(call => call.Us).Order()]) * node.Count() / runs)));
        }

        return
        [
            .. nodes.GroupBy(node => (node.Graph, node.Operator))
                .Select(kind => new OperatorTime
                {
                    Graph = kind.Key.Graph,
                    Operator = kind.Key.Operator,
                    CallsPerRun = Math.Round(kind.Sum(node => node.Calls), 3),
                    UsPerRun = Math.Round(kind.Sum(node => node.Us), 3),
                })
                .OrderByDescending(kind => kind.UsPerRun)
                .ThenBy(kind => kind.Operator, StringComparer.Ordinal),
        ];
    }

    private static List<(string Node, string Operator, double Us)> Calls(string trace)
    {
        var calls = new List<(string, string, double)>();
        try
        {
            using var document = JsonDocument.Parse(trace);
            foreach (var entry in document.RootElement.EnumerateArray())
            {
                var name = entry.GetProperty("name").GetString()!;
                if (entry.GetProperty("cat").GetString() == "Node" && name.EndsWith(KernelSuffix, StringComparison.Ordinal))
                {
                    calls.Add((name, entry.GetProperty("args").GetProperty("op_name").GetString()!, entry.GetProperty("dur").GetDouble()));
                }
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"the inference runtime wrote a trace that is not understood: {e.Message}", e);
        }

        return calls;
    }

    /// <summary>Mean of the middle half: first calls and interruptions are left out, and the rounding to microseconds averages out, which it would not in a median.</summary>
    private static double MiddleMean(double[] sorted)
    {
        var cut = sorted.Length / 4;
        return sorted[cut..(sorted.Length - cut)].Average();
    }
}
