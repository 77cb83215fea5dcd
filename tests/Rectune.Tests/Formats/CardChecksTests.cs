using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Formats;

/// <summary>Copies, shared tables, heads, and sizes beyond reason.</summary>
public sealed class CardChecksTests
{
    [Fact]
    public void Read_Copies_AreWrittenOutInOrder()
    {
        var card = CardFormat.Read(Text("""{ "name": "b", "rows": 5, "dim": 2, "lookups": 4, "copies": 3 }, { "name": "a", "rows": 7, "dim": 3 }"""), "f");
        Assert.Equal(["b.1", "b.2", "b.3", "a"], card.Sparse.Select(f => f.Name));
        Assert.Equal(new SparseFeature { Name = "b.2", Rows = 5, Dim = 2, Lookups = 4 }, card.Sparse[1]);
    }

    [Fact]
    public void Read_NameOfACopyTakenAgain_IsRefusedByEitherName() => AssertProblems(
        """
        { "name": "a.2", "rows": 5, "dim": 2 },
        { "name": "a", "rows": 5, "dim": 2, "copies": 3 },
        { "name": "a", "rows": 5, "dim": 2 },
        { "name": "b", "rows": 5, "dim": 2, "copies": 2 },
        { "name": "b.1", "rows": 5, "dim": 2 }
        """,
        "(4,11): $.sparse[1].name found 'a.2' again, first used by $.sparse[0]",
        "(7,11): $.sparse[4].name found 'b.1' again, first used by $.sparse[3]");

    [Theory]
    [InlineData("0")]
    [InlineData("16385")]
    [InlineData("2147483647")]
    public void Read_CopiesBeyondTheLimits_AreRefused(string copies) => Assert.Contains(
        $"(3,47): $.sparse[0].copies found {copies}, expected from 1 to 16384 copies",
        Problems($$"""{ "name": "a", "rows": 5, "dim": 2, "copies": {{copies}} }"""));

    [Fact]
    public void Read_SharedTableWithFaults_ReportsEachAtItsPlace() => AssertProblems(
        """
        { "name": "early", "rows": 5, "dim": 2, "table": "own" },
        { "name": "own", "rows": 5, "dim": 2 },
        { "name": "fine", "rows": 5, "dim": 2, "table": "own" },
        { "name": "second", "rows": 5, "dim": 2, "table": "fine" },
        { "name": "self", "rows": 5, "dim": 2, "table": "self" },
        { "name": "wide", "rows": 5, "dim": 3, "table": "own" },
        { "name": "long", "rows": 6, "dim": 2, "table": "own" },
        { "name": "many", "rows": 5, "dim": 2, "copies": 2, "table": "own" },
        { "name": "copied", "rows": 5, "dim": 2, "copies": 2 },
        { "name": "late", "rows": 5, "dim": 2, "table": "copied" }
        """,
        "(3,50): $.sparse[0].table found 'own', expected an earlier feature with a table of its own",
        "(6,51): $.sparse[3].table found 'fine', expected an earlier feature with a table of its own",
        "(7,49): $.sparse[4].table found 'self', expected an earlier feature with a table of its own",
        "(8,49): $.sparse[5].table 'own' has 5 rows of 2, this feature 5 rows of 3",
        "(9,49): $.sparse[6].table 'own' has 5 rows of 2, this feature 6 rows of 2",
        "(10,50): $.sparse[7].copies found 2, expected 1 where the table is another feature's",
        "(12,49): $.sparse[9].table found 'copied', expected an earlier feature with a table of its own");

    [Fact]
    public void Read_HeadsWithFaults_ReportsEachAtItsPlace()
    {
        Assert.Equal(
            ["(6,22): $.heads.tasks found 0, expected from 1 to 1024 tasks", "(6,32): $.heads.mlp found an empty list, expected the output width of every layer"],
            Problems(Valid, """ "heads": { "tasks": 0, "mlp": [] }, """));
        Assert.Equal(
            ["(6,22): $.heads.tasks found 1025, expected from 1 to 1024 tasks", "(6,39): $.heads.mlp[1] found 0, expected a width from 1 to 32768"],
            Problems(Valid, """ "heads": { "tasks": 1025, "mlp": [4, 0] }, """));
    }

    /// <summary>Products and sums of such figures do not fit in 64 bits.</summary>
    [Theory]
    [InlineData("concat", "")]
    [InlineData("dot", "")]
    [InlineData("neu-mf", """, "group": "mf" """)]
    [InlineData("target-attention", """, "group": "candidate" """)]
    [InlineData("attentional-gru", """, "group": "history", "sequence": true, "lookups": 2147483647 """)]
    public void Read_SizesBeyondReason_AreRefusedAndDoNotOverflow(string interaction, string members)
    {
        var features = string.Join(",\n", Enumerable.Range(0, 5).Select(i => $$"""{ "name": "a{{i}}", "rows": 5, "dim": 2147483647, "copies": 2147483647{{members}} }"""));
        var problems = Problems(features, interaction: interaction);
        Assert.Contains("(3,35): $.sparse[0].dim found 2147483647, expected a width from 1 to 32768", problems);
        Assert.Contains(problems, problem => problem.Contains("$.interaction found ", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_SequenceTooLongForOneArray_IsRefused()
    {
        var card = ArchitectureCards.Of("target attention");
        var longer = card with { Sparse = [.. card.Sparse.Select(f => f.Sequence ? f with { Lookups = 16_000 } : f)] };
        var problem = Assert.Single(Assert.Throws<InvalidInputException>(() => CardFormat.Read(CardFormat.Write(longer), "f")).Problems);

        // 16,000 steps of 4 + 3 elements and four vectors of 3, 2, 4 and 3.
        Assert.Equal("found 112012 values for the interaction, expected at most 65535", problem.What);
    }

    [Fact]
    public void Read_PlanWhoseCardHasCopies_IsRefused()
    {
        var plan = SampleRecords.Plan();
        var card = plan.Model.Card with { Sparse = [plan.Model.Card.Sparse[0] with { Copies = 2 }, plan.Model.Card.Sparse[1]] };
        var text = PlanFormat.Write(PlanFormat.Seal(plan with { Model = plan.Model with { Card = card, Sha256 = CardFormat.Sha256(card) } }));
        var problem = Assert.Single(Assert.Throws<InvalidInputException>(() => PlanFormat.Read(text, "f")).Problems);
        Assert.EndsWith("$.model.card.sparse[0].copies", problem.Where, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_AnyValidCard_RoundTrips() => Assert.All(Enumerable.Range(0, 300), seed =>
    {
        var file = new RandomCards((ulong)seed).Create();
        var card = CardFormat.Read(CardFormat.Write(file), "f");
        Assert.Equal(file.Sparse.Sum(f => f.Copies), card.Sparse.Count);
        Assert.All(card.Sparse, f => Assert.Equal(1, f.Copies));
        var text = CardFormat.Write(card);
        Assert.Equal(text, CardFormat.Write(CardFormat.Read(text, "f")));
    });

    [Fact]
    public void Read_CardsOfTheTests_CoverEveryInteraction()
    {
        var drawn = Enumerable.Range(0, 100).Select(seed => new RandomCards((ulong)seed).Create().Interaction).Distinct();
        var kinds = Enum.GetValues<InteractionKind>().Where(kind => kind != InteractionKind.Onnx).ToArray();
        Assert.Equal(kinds, drawn.Order());
        Assert.Equal(kinds, ArchitectureCards.Names.Select(name => ArchitectureCards.Of(name).Interaction).Distinct().Order());
    }

    private const string Valid = """{ "name": "a", "rows": 5, "dim": 2 }""";

    private static void AssertProblems(string sparse, params string[] expected) => Assert.Equal(expected, Problems(sparse));

    private static string[] Problems(string sparse, string members = "", string interaction = "concat") =>
        [.. Assert.Throws<InvalidInputException>(() => CardFormat.Read(Text(sparse, members, interaction), "")).Problems.Select(problem => $"{problem.Where} {problem.What}")];

    /// <summary>A card whose features begin on line 3.</summary>
    private static string Text(string sparse, string members = "", string interaction = "concat") => $$"""
        { "schema": "rectune.card/1", "name": "n", "description": "d", "source": "s", "denseFeatures": 0,
        "sparse": [
        {{sparse}}
        ],
        "bottomMlp": [], "interaction": "{{interaction}}", "topMlp": [2],
        {{members}}
        "skew": { "zipfExponent": 1, "source": "assumed", "where": "w" }, "sla": { "percentile": 99, "limitMs": 1, "source": "assumed", "where": "w" } }
        """;
}
