using Rectune.Core.Domain;
using Rectune.Core.Onnx.Protobuf;

namespace Rectune.Core.Onnx;

/// <summary>Which operators exist: those of ONNX, of ONNX Runtime itself, and the functions that a file brings along.</summary>
internal static class OperatorDomains
{
    /// <summary>Problems listed before the rest is only counted.</summary>
    private const int MaxProblems = 10;

    public static bool IsStandard(string domain) => domain is "" or "ai.onnx";

    /// <summary>Every node whose operator nobody defines.</summary>
    public static IReadOnlyList<InputProblem> Unknown(ModelProto model, string fileName)
    {
        var functions = model.Functions.Select(function => (function.Domain, function.Name)).ToHashSet();
        return
        [
            .. Nodes(model.Graph.Node).Concat(model.Functions.SelectMany(function => Nodes(function.Node)))
                .Where(node => !IsStandard(node.Domain) && node.Domain is not ("ai.onnx.ml" or "com.microsoft") && !functions.Contains((node.Domain, node.OpType)))
                .Take(MaxProblems)
                .Select(node => new InputProblem(
                    fileName,
                    $"found operator {node.OpType} of the custom domain '{node.Domain}' at node {node.Shown()}, expected operators of ONNX or of ONNX Runtime",
                    "export the model with standard operators only")),
        ];
    }

    private static IEnumerable<NodeProto> Nodes(IEnumerable<NodeProto> nodes) =>
        nodes.SelectMany(node => node.Subgraphs().SelectMany(graph => Nodes(graph.Node)).Prepend(node));
}
