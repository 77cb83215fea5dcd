using Rectune.Core.Domain;
using Rectune.Core.Formats;

namespace Rectune.Benchmarks.Serving;

/// <summary>A zoo model with tables of limited size as both servers take it: a card for rectune, an ONNX file for others. The files are removed at the end.</summary>
internal sealed class ComparedModel : IDisposable
{
    /// <summary>Of weights, candidates and schedules.</summary>
    public const ulong Seed = 1;

    public ComparedModel(string name, long rowsCap)
    {
        Card = ServedModel.CardOf(name, rowsCap);
        File.WriteAllText(CardFile, CardFormat.Write(Card));
        WholeGraph.Write(Card, Seed, OnnxFile);
    }

    public ModelCard Card { get; }

    /// <summary>For whatever belongs to the comparison; removed with the rest.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("rectune-node-").FullName;

    public string CardFile => Path.Combine(Folder, "card.json");

    public string OnnxFile => Path.Combine(Folder, "model.onnx");

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
