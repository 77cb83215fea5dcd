using System.Globalization;
using Rectune.Core.Models;
using Rectune.Core.Representations;

namespace Rectune.Core.Onnx;

/// <summary>
/// The decoders of a group of vectors as one ONNX file, so that one call decodes all features. Inputs: <see cref="Rows"/> <c>[ids, sum of widths]</c>, or for hashed
/// vectors <c>encodings.j [ids, k]</c> a slot; outputs <c>vector.j [ids, dim]</c>.
/// </summary>
public static class DecoderGraph
{
    public const string Rows = "rows";

    public static string EncodingsOf(int slot) => string.Create(CultureInfo.InvariantCulture, $"encodings.{slot}");

    public static string VectorOf(int slot) => string.Create(CultureInfo.InvariantCulture, $"vector.{slot}");

    public static byte[] Write(EmbeddingDesign design, DecodedGroup group, IParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(group);
        var writer = new GraphWriter("decoder", parameters);
        var graph = new GraphBuilder(writer);
        var sources = group.Slots.Select(slot => design.Sources[slot]).ToArray();
        var rows = group.Hashed ? null : graph.Input(Rows, sources.Sum(source => source.InputWidth));
        var at = 0;
        for (var j = 0; j < sources.Length; j++)
        {
            var name = design.TableOf(group.Slots[j]);
            var input = rows is null
                ? graph.Input(EncodingsOf(j), sources[j].InputWidth)
                : graph.Slice(name + ".rows", rows, at, at + sources[j].InputWidth);
            at += sources[j].InputWidth;
            graph.Output(sources[j].Decoder!.Build(graph, name, input, design.Layout.Slots[group.Slots[j]].Dim), VectorOf(j));
        }

        return writer.ToBytes();
    }
}
