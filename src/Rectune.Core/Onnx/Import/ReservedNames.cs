using Rectune.Core.Domain;
using Rectune.Core.Onnx.Protobuf;

namespace Rectune.Core.Onnx;

/// <summary>
/// The names of a graph's values. Those that rectune's own tensors need are taken away from the user's values, which get others everywhere.
/// </summary>
internal sealed class ReservedNames
{
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> inFile = new(StringComparer.Ordinal);

    /// <param name="keep">True for a graph whose reserved names are rectune's own already.</param>
    public ReservedNames(GraphProto graph, bool keep = false)
    {
        Collect(graph);
        if (keep)
        {
            return;
        }

        var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in new[] { DenseTensors.Dense, DenseTensors.Pooled, DenseTensors.Score }.Where(taken.Contains))
        {
            renamed[name] = Fresh(name);
            inFile[renamed[name]] = name;
        }

        if (renamed.Count > 0)
        {
            Rename(graph, renamed);
        }
    }

    /// <summary>A name that no value has.</summary>
    public string Fresh(string stem)
    {
        var name = $"rectune.{stem}";
        for (var i = 2; !taken.Add(name); i++)
        {
            name = $"rectune.{stem}.{i}";
        }

        return name;
    }

    /// <summary>What the file calls the value.</summary>
    public string InFile(string name) => inFile.GetValueOrDefault(name, name);

    private static void Rename(GraphProto graph, Dictionary<string, string> renamed)
    {
        foreach (var value in graph.Input.Concat(graph.Output).Concat(graph.ValueInfo))
        {
            value.Name = renamed.GetValueOrDefault(value.Name, value.Name);
        }

        foreach (var tensor in graph.Initializer)
        {
            tensor.Name = renamed.GetValueOrDefault(tensor.Name, tensor.Name);
        }

        foreach (var node in graph.Node)
        {
            Rename(node.Input, renamed);
            Rename(node.Output, renamed);
            foreach (var body in node.Subgraphs())
            {
                Rename(body, renamed);
            }
        }
    }

    private static void Rename(IList<string> names, Dictionary<string, string> renamed)
    {
        for (var i = 0; i < names.Count; i++)
        {
            names[i] = renamed.GetValueOrDefault(names[i], names[i]);
        }
    }

    private void Collect(GraphProto graph)
    {
        taken.UnionWith(graph.Input.Concat(graph.Output).Select(value => value.Name));
        taken.UnionWith(graph.Initializer.Select(tensor => tensor.Name));
        foreach (var node in graph.Node)
        {
            taken.UnionWith(node.Input);
            taken.UnionWith(node.Output);
            foreach (var body in node.Subgraphs())
            {
                Collect(body);
            }
        }
    }
}
