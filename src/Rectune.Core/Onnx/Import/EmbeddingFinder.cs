using Rectune.Core.Onnx.Protobuf;

namespace Rectune.Core.Onnx;

/// <summary>
/// Finds the embedding lookups of a graph: Gathers of whole rows of a stored matrix by the elements of an input. One is lifted only if its input feeds
/// nothing but lifted lookups and its table serves nothing else, since otherwise both would have to stay behind all the same.
/// </summary>
internal sealed class EmbeddingFinder
{
    private readonly GraphIndex graph;

    public EmbeddingFinder(GraphIndex graph, IReadOnlyList<InputTrace> traces)
    {
        this.graph = graph;
        Lookups = [.. traces.SelectMany(trace => trace.Lookups.Select(use => new Lookup(graph, trace.Input, use)))];
        while (Lookups.Any(lookup => lookup.Obstacle is null && Hinder(lookup, traces.First(trace => trace.Input == lookup.Input))))
        {
        }
    }

    /// <summary>Every Gather fed by an input, lifted or not, in the order of the inputs.</summary>
    public IReadOnlyList<Lookup> Lookups { get; }

    /// <summary>True when the lookup was still free to go and something else keeps it.</summary>
    private bool Hinder(Lookup lookup, InputTrace trace)
    {
        var keeper = Lookups.FirstOrDefault(other => other.Obstacle is not null && other.Input == lookup.Input)?.Gather;
        if (keeper is not null || trace.Others.Count + trace.Numbers.Count > 0)
        {
            keeper ??= trace.Others.Concat(trace.Numbers).First();
            lookup.Obstacle = $"its ids also feed {Shown(keeper)}";
        }
        else if (OtherReader(lookup.TableName, out var reader))
        {
            lookup.Obstacle = $"its table also serves {Shown(reader)}";
        }

        return lookup.Obstacle is not null;
    }

    /// <summary>Finds a use of a stored table that is not a lookup to be lifted.</summary>
    private bool OtherReader(string table, out NodeProto? reader)
    {
        reader = null;
        if (graph.IsOutput(table))
        {
            return true;
        }

        foreach (var node in graph.Consumers(table))
        {
            reader = node;
            if (node.Is("Identity") ? OtherReader(node.Output[0], out reader) : !IsLifted(node, table))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsLifted(NodeProto node, string table) =>
        node.Is("Gather") && node.Input[0] == table && node.Input[1] != table && Lookups.Any(lookup => ReferenceEquals(lookup.Gather, node) && lookup.Obstacle is null);

    private static string Shown(NodeProto? node) => node is null ? "the model's output" : $"{node.OpType} {node.Shown()}";
}
