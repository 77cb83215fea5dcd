using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Models;
using Rectune.Core.Planning;
using Rectune.Core.Search;

namespace Rectune.Benchmarks.Prediction;

/// <summary>Every configuration of one model that a profile holds, with its measurements.</summary>
internal sealed class RecordedModel
{
    private RecordedModel(ModelCard card, Machine machine, IReadOnlyList<RecordedPath> paths) => (Card, Machine, Paths) = (card, machine, paths);

    public ModelCard Card { get; }

    public Machine Machine { get; }

    /// <summary>By configuration.</summary>
    public IReadOnlyList<RecordedPath> Paths { get; }

    /// <summary>A zoo model's rows in a folder of <c>rectune profile</c>, which must also hold the machine's limits.</summary>
    public static RecordedModel Read(string folder, string name)
    {
        if (!Zoo.TryGetText(name, out var json))
        {
            throw new ArgumentException($"no model of the zoo is called '{name}'");
        }

        var card = CardFormat.Read(json, name);
        var limits = RecordText.Read<MachineLimits>(File.ReadAllText(Path.Combine(folder, "limits.json")), "limits.json");
        var machine = RecordText.Read<Profile>(File.ReadAllText(Path.Combine(folder, "profile.json")), "profile.json").Machine;
        var journal = Path.Combine(folder, "measurements.jsonl");
        var rows = JournalFormat.Read(File.ReadAllText(journal), journal).Rows.Where(row => row.Key.ModelSha256 == CardFormat.Sha256(card)).ToArray();
        if (rows.Length == 0)
        {
            throw new ArgumentException($"{journal} holds no measurement of {name}");
        }

        var book = new MeasurementBook(rows[^1].Key);
        foreach (var row in rows)
        {
            book.Add(row);
        }

        var points = new PathPoints(card, limits);
        return new RecordedModel(card, machine, [.. book.Rows
            .GroupBy(row => row.Key.Configuration.Id(), StringComparer.Ordinal)
            .Select(path => new RecordedPath(path.First().Key.Configuration, [.. path], [.. path.Select(points.Of)]))]);
    }
}
