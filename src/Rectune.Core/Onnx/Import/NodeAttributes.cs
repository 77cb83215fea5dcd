using Rectune.Core.Onnx.Protobuf;

namespace Rectune.Core.Onnx;

/// <summary>What a node says about itself beside its operator.</summary>
internal static class NodeAttributes
{
    /// <summary>The node's name for messages; exporters may leave it out, an output's name is always there.</summary>
    public static string Shown(this NodeProto node) => $"'{(node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault(output => output.Length > 0))}'";

    public static bool Is(this NodeProto node, string operatorType) => node.OpType == operatorType && OperatorDomains.IsStandard(node.Domain);

    public static AttributeProto? Attribute(this NodeProto node, string name) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name);

    public static long Int(this NodeProto node, string name, long otherwise) => node.Attribute(name)?.I ?? otherwise;

    public static long[]? Ints(this NodeProto node, string name) => node.Attribute(name)?.Ints.ToArray();

    /// <summary>Bodies of control flow.</summary>
    public static IEnumerable<GraphProto> Subgraphs(this NodeProto node) =>
        node.Attribute.SelectMany(attribute => attribute.G is null ? attribute.Graphs : attribute.Graphs.Prepend(attribute.G));

    /// <summary>Every value that the node may read, those its bodies take from outside included; a body's own values are listed too, which only errs on the safe side.</summary>
    public static IEnumerable<string> Reads(this NodeProto node) => node.Input
        .Concat(node.Subgraphs().SelectMany(graph => graph.Node.SelectMany(Reads).Concat(graph.Output.Select(output => output.Name))))
        .Where(name => name.Length > 0);
}
