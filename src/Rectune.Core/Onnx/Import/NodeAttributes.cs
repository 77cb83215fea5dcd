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

    /// <summary>Every value that the node reads, those that its bodies take from outside included.</summary>
    public static IEnumerable<string> Reads(this NodeProto node) => node.Input.Concat(node.Subgraphs().SelectMany(FromOutside)).Where(name => name.Length > 0);

    private static IEnumerable<string> FromOutside(GraphProto body)
    {
        var own = body.Node.SelectMany(node => node.Output)
            .Concat(body.Input.Select(value => value.Name))
            .Concat(body.Initializer.Select(tensor => tensor.Name))
            .ToHashSet(StringComparer.Ordinal);
        return body.Node.SelectMany(Reads).Concat(body.Output.Select(value => value.Name)).Where(name => !own.Contains(name));
    }
}
