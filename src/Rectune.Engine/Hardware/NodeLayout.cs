using System.Globalization;

namespace Rectune.Engine.Hardware;

/// <summary>Which cores belong to which NUMA node.</summary>
public sealed class NodeLayout
{
    private readonly IReadOnlyDictionary<int, int> nodeOfCore;

    /// <param name="nodes">Cores of each node by its number.</param>
    public NodeLayout(IReadOnlyDictionary<int, IReadOnlyList<int>> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        Nodes = new SortedDictionary<int, IReadOnlyList<int>>(nodes.ToDictionary(node => node.Key, node => node.Value));
        nodeOfCore = nodes.SelectMany(node => node.Value.Select(core => (core, node.Key))).ToDictionary();
    }

    /// <summary>Cores of each node by its number, ascending; empty where the system does not tell.</summary>
    public IReadOnlyDictionary<int, IReadOnlyList<int>> Nodes { get; }

    /// <summary>A machine of which nothing is told has one.</summary>
    public int Count => Math.Max(1, Nodes.Count);

    public static NodeLayout Read(SystemFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return new NodeLayout(KernelText.List(files.Read("/sys/devices/system/node/online"))
            .ToDictionary(node => node, node => KernelText.List(files.Read(string.Create(CultureInfo.InvariantCulture, $"/sys/devices/system/node/node{node}/cpulist")))));
    }

    /// <summary>Nodes of some cores, ascending: where the memory that these cores share is to lie. Empty where there is but one node, so that nothing is to be chosen.</summary>
    public IReadOnlyList<int> NodesOf(IEnumerable<int> cores)
    {
        ArgumentNullException.ThrowIfNull(cores);
        return Count == 1 ? [] : [.. cores.Where(nodeOfCore.ContainsKey).Select(core => nodeOfCore[core]).Distinct().Order()];
    }
}
