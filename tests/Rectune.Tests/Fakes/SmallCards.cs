using Rectune.Core.Domain;
using Rectune.Core.Formats;

namespace Rectune.Tests.Fakes;

/// <summary>Model cards small enough for a test, in the shapes that matter.</summary>
internal static class SmallCards
{
    /// <summary>The Criteo layout, 13 dense and 26 one-hot features of dim 4, with tables of <paramref name="rows"/> rows.</summary>
    public static ModelCard Criteo(int rows = 1000) =>
        Card(13, Enumerable.Range(1, 26).Select(i => Feature($"C{i}", rows, 4)), bottomMlp: [8, 4]);

    /// <summary>Features with bags of 3, 1 and 20 ids.</summary>
    public static ModelCard MultiHot() =>
        Card(2, [Feature("watched", 500, 8, 3), Feature("country", 7, 8), Feature("words", 2000, 8, 20)], bottomMlp: [8]);

    public static ModelCard Card(int denseFeatures, IEnumerable<SparseFeature> sparse, IReadOnlyList<int> bottomMlp) => new()
    {
        Schema = ModelCard.SchemaName,
        Name = "small",
        Description = "a card for tests",
        Source = "made up",
        DenseFeatures = denseFeatures,
        Sparse = [.. sparse],
        BottomMlp = bottomMlp,
        Interaction = InteractionKind.Dot,
        TopMlp = [16, 1],
        Skew = new CardSkew { ZipfExponent = 1.05, Source = Provenance.Assumed, Where = "made up" },
        Sla = new CardSla { Percentile = 99, LimitMs = 20, Source = Provenance.Assumed, Where = "made up" },
    };

    public static string Text(ModelCard card) => CardFormat.Write(card);

    public static SparseFeature Feature(string name, long rows, int dim, int lookups = 1) =>
        new() { Name = name, Rows = rows, Dim = dim, Lookups = lookups };
}
