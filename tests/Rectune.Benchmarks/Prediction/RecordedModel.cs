using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Models;
using Rectune.Core.Planning;
using Rectune.Core.Search;
using Rectune.Core.Workloads;

namespace Rectune.Benchmarks.Prediction;

/// <summary>Every configuration of one model that a profile holds, with its measurements.</summary>
internal sealed class RecordedModel
{
    private readonly MachineLimits limits;

    private RecordedModel(ModelCard card, Machine machine, MachineLimits limits, IReadOnlyList<RecordedPath> paths) =>
        (Card, Machine, this.limits, Paths) = (card, machine, limits, paths);

    public ModelCard Card { get; }

    public Machine Machine { get; }

    /// <summary>By configuration.</summary>
    public IReadOnlyList<RecordedPath> Paths { get; }

    /// <summary>A zoo model's rows in folders of <c>rectune profile</c>, the first of which must also hold the machine's limits. Of rows in several, the one whose undisturbed runs took least.</summary>
    /// <param name="folders">Joined by <c>+</c>: recordings of the same paths, made at different times.</param>
    public static RecordedModel Read(string folders, string name)
    {
        if (!Zoo.TryGetText(name, out var json))
        {
            throw new ArgumentException($"no model of the zoo is called '{name}'");
        }

        var card = CardFormat.Read(json, name);
        var all = folders.Split('+');
        var known = RecordText.Read<MachineLimits>(File.ReadAllText(Path.Combine(all[0], "limits.json")), "limits.json");
        var machine = RecordText.Read<Profile>(File.ReadAllText(Path.Combine(all[0], "profile.json")), "profile.json").Machine;
        var points = new PathPoints(card, known, machine.Caches);
        return new RecordedModel(card, machine, known, [.. all
            .SelectMany(folder => Rows(folder, card))
            .GroupBy(row => (row.Key.Configuration.Id(), row.Key.Batch))
            .Select(same => same.MinBy(row => row.QuietUs())!)
            .GroupBy(row => row.Key.Configuration.Id(), StringComparer.Ordinal)
            .Select(path => new RecordedPath(path.First().Key.Configuration, [.. path], [.. path.Select(points.Of)]))]);
    }

    /// <summary>A request for the highest rate at the card's own target.</summary>
    public PlanRequest Request(string search, ulong seed)
    {
        var sizes = new DeepRecSysProductionSizes();
        return new PlanRequest
        {
            Model = new PlanModel { Name = Card.Name, Card = Card, Sha256 = CardFormat.Sha256(Card), Weights = Question.Weights },
            Machine = Machine,
            Sla = new Sla { Percentile = Card.Sla.Percentile, LimitMs = Card.Sla.LimitMs },
            Workload = new Workload { Arrivals = ArrivalCatalog.Names[0], Sizes = sizes.Name, Skew = SkewText.Of(0, Provenance.Assumed) },
            MemoryLimitBytes = long.MaxValue,
            MemoryLimitBy = "none",
            BudgetSeconds = 60,
            Seed = seed,
            Version = "recorded",
            Arrivals = new PoissonArrivals(),
            Sizes = sizes,
            Search = search,
            Limits = limits,
        };
    }

    /// <summary>What every row of the recording shares.</summary>
    public ProfileKey Question => Paths[0].Rows[0].Key;

    private static IEnumerable<MeasurementRow> Rows(string folder, ModelCard card)
    {
        var journal = Path.Combine(folder, "measurements.jsonl");
        var rows = JournalFormat.Read(File.ReadAllText(journal), journal).Rows.Where(row => row.Key.ModelSha256 == CardFormat.Sha256(card)).ToArray();
        if (rows.Length == 0)
        {
            throw new ArgumentException($"{journal} holds no measurement of {card.Name}");
        }

        var book = new MeasurementBook(rows[^1].Key);
        foreach (var row in rows)
        {
            book.Add(row);
        }

        return book.Rows;
    }
}
