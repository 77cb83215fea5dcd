using Google.Protobuf;
using Rectune.Core.Domain;
using Rectune.Core.Onnx;
using Rectune.Core.Onnx.Protobuf;

namespace Rectune.Engine.Import;

/// <summary>Brings external tensors into a model, so that a runtime can load it from memory.</summary>
internal static class InlinedTensors
{
    /// <summary>Most bytes of tensors in a file of at most 2 GiB: the rest is left for what stands around them.</summary>
    private const int MostBytes = int.MaxValue - (16 << 20);

    /// <param name="folder">Where the contents lie.</param>
    /// <param name="graph">Changed in place, bodies of control flow included.</param>
    /// <param name="fileName">Only shown.</param>
    /// <exception cref="InvalidInputException">Together they exceed what one ONNX file can hold.</exception>
    public static void Bring(ExternalDataFolder folder, GraphProto graph, string fileName)
    {
        var tensors = Tensors(graph).Where(TensorData.IsExternal).Select(tensor => (Tensor: tensor, Place: ExternalTensor.Of(tensor, fileName))).ToArray();
        var total = tensors.Aggregate((Int128)graph.CalculateSize(), (sum, entry) => sum + entry.Place.Bytes);
        if (total > MostBytes)
        {
            throw new InvalidInputException(
                fileName,
                $"found {total} bytes of weights beside the embedding tables that can be lifted, expected at most {MostBytes}",
                "rectune keeps everything but embedding tables in one ONNX file");
        }

        foreach (var (tensor, place) in tensors)
        {
            var bytes = new byte[place.Bytes];
            folder.Open(place, tensor.Name).Read(0, bytes);
            tensor.RawData = UnsafeByteOperations.UnsafeWrap(bytes);
            tensor.DataLocation = TensorProto.Types.DataLocation.Default;
            tensor.ExternalData.Clear();
        }
    }

    private static IEnumerable<TensorProto> Tensors(GraphProto graph) => graph.Initializer.Concat(graph.Node.SelectMany(node => node.Attribute).SelectMany(
        attribute => attribute.Graphs.SelectMany(Tensors)
            .Concat(attribute.G is null ? [] : Tensors(attribute.G))
            .Concat(attribute.T is null ? [] : [attribute.T])));
}
