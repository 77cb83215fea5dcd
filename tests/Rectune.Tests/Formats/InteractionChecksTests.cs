using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Xunit;

namespace Rectune.Tests.Formats;

/// <summary>What each interaction asks of a card. All problems of a card are told at once, in the order of its text.</summary>
public sealed class InteractionChecksTests
{
    [Fact]
    public void Read_DotWithWhatItCannotUse_ReportsEachAtItsPlace() => AssertProblems(
        Text(
            "dot",
            denseFeatures: 0,
            bottomMlp: "[]",
            sparse: """
            { "name": "a", "rows": 5, "dim": 4, "group": "user" },
            { "name": "b", "rows": 5, "dim": 4, "lookups": 3, "sequence": true }
            """,
            members: """
            "cross": { "layers": 1, "rank": 1 }, "attention": [4], "recurrent": 3,
            """),
        "(1,96): $.denseFeatures found 0, expected at least 1: the interaction 'dot' needs a dense vector",
        "(3,46): $.sparse[0].group found 'user', expected no group: the interaction 'dot' treats all features alike",
        "(4,63): $.sparse[1].sequence found true, expected false: the interaction 'dot' takes no sequences",
        "(6,14): $.bottomMlp found an empty list, expected the output width of every layer: the interaction 'dot' needs a dense vector of the features' width",
        "(7,10): $.cross the interaction 'dot' has no use for it",
        "(7,51): $.attention the interaction 'dot' has no use for it",
        "(7,69): $.recurrent the interaction 'dot' has no use for it");

    [Fact]
    public void Read_DotOfUnequalWidths_ReportsEveryOther() => AssertProblems(
        Text(
            "dot",
            denseFeatures: 2,
            bottomMlp: "[8, 4]",
            sparse: """
            { "name": "a", "rows": 5, "dim": 3 },
            { "name": "b", "rows": 5, "dim": 4 },
            { "name": "c", "rows": 5, "dim": 8 }
            """),
        "(3,34): $.sparse[0].dim found 3, expected 4, the bottom MLP's last width: a dot product needs equal widths",
        "(5,34): $.sparse[2].dim found 8, expected 4, the bottom MLP's last width: a dot product needs equal widths");

    [Fact]
    public void Read_ConcatOfGroups_IsRefused() => AssertProblems(
        Text(
            "concat",
            denseFeatures: 0,
            bottomMlp: "[3]",
            sparse: """
            { "name": "a", "rows": 5, "dim": 4, "group": "mf" },
            { "name": "b", "rows": 5, "dim": 4, "sequence": true }
            """),
        "(3,46): $.sparse[0].group found 'mf', expected no group: the interaction 'concat' treats all features alike",
        "(4,49): $.sparse[1].sequence found true, expected false: the interaction 'concat' takes no sequences",
        "(6,14): $.bottomMlp found layers, expected an empty list: there are no dense features below it");

    [Fact]
    public void Read_CrossWithoutItsSize_IsRefused() => AssertProblems(
        Text(
            "cross",
            denseFeatures: 2,
            bottomMlp: "[]",
            sparse: """
            { "name": "a", "rows": 5, "dim": 4 }
            """),
        "(1,1): $.cross the member is missing, the interaction 'cross' needs it");

    [Fact]
    public void Read_CrossBelowItsLimits_IsRefused() => AssertProblems(
        Text(
            "cross",
            denseFeatures: 2,
            bottomMlp: "[]",
            sparse: """
            { "name": "a", "rows": 5, "dim": 4 }
            """,
            members: """
            "cross": { "layers": 0, "rank": 0 },
            """),
        "(6,22): $.cross.layers found 0, expected from 1 to 64 layers",
        "(6,33): $.cross.rank found 0, expected a width from 1 to 32768");

    [Fact]
    public void Read_CrossBeyondItsLimits_IsRefused() => AssertProblems(
        Text(
            "cross",
            denseFeatures: 2,
            bottomMlp: "[]",
            sparse: """
            { "name": "a", "rows": 5, "dim": 4 }
            """,
            members: """
            "cross": { "layers": 65, "rank": 32769 },
            """),
        "(6,22): $.cross.layers found 65, expected from 1 to 64 layers",
        "(6,34): $.cross.rank found 32769, expected a width from 1 to 32768");

    [Fact]
    public void Read_NeuMfWithFaults_ReportsEachAtItsPlace() => AssertProblems(
        Text(
            "neu-mf",
            denseFeatures: 3,
            bottomMlp: "[]",
            sparse: """
            { "name": "a", "rows": 5, "dim": 4, "group": "mf" },
            { "name": "b", "rows": 5, "dim": 3, "group": "mf" },
            { "name": "c", "rows": 5, "dim": 3, "group": "mpl" }
            """),
        "(1,96): $.denseFeatures found 3, expected 0: the interaction 'neu-mf' takes no dense features",
        "(2,11): $.sparse no feature has the group 'mlp'; the interaction 'neu-mf' needs at least one of every group",
        "(4,34): $.sparse[1].dim found 3, expected 4 as in a: the 'mf' vectors are added",
        "(5,46): $.sparse[2].group found 'mpl', expected one of mf, mlp; did you mean 'mlp'?",
        "(7,14): $.bottomMlp found an empty list, expected the output width of every layer over the 'mlp' features");

    [Fact]
    public void Read_ActivationUnitsWithFaults_ReportsEachAtItsPlace() => AssertProblems(
        Text(
            "activation-units",
            denseFeatures: 0,
            bottomMlp: "[2]",
            sparse: """
            { "name": "a", "rows": 5, "dim": 4, "group": "candidate" },
            { "name": "b", "rows": 5, "dim": 4, "group": "behavior" },
            { "name": "c", "rows": 5, "dim": 2, "group": "candidate" },
            { "name": "d", "rows": 5, "dim": 2, "group": "user", "sequence": true },
            { "name": "e", "rows": 5, "dim": 2 }
            """,
            members: """
            "recurrent": 3,
            """),
        "(1,1): $.attention the member is missing, the interaction 'activation-units' needs it",
        "(2,11): $.sparse no feature has the group 'context'; the interaction 'activation-units' needs at least one of every group",
        "(4,34): $.sparse[1].dim found 4, expected 6, the candidate's width",
        "(5,46): $.sparse[2].group found 'candidate' again after another group; list the features of a group together",
        "(6,66): $.sparse[3].sequence found true, expected false: the interaction 'activation-units' takes no sequences",
        "(7,1): $.sparse[4].group found none, expected one of user, behavior, candidate, context",
        "(9,14): $.bottomMlp found layers, expected an empty list: there are no dense features below it",
        "(10,14): $.recurrent the interaction 'activation-units' has no use for it");

    [Fact]
    public void Read_RecurrentAttentionWithFaults_ReportsEachAtItsPlace() => AssertProblems(
        Text(
            "recurrent-attention",
            denseFeatures: 0,
            bottomMlp: "[]",
            sparse: """
            { "name": "u", "rows": 5, "dim": 2, "group": "user" },
            { "name": "q", "rows": 5, "dim": 2, "group": "candidate", "copies": 2 },
            { "name": "b", "rows": 5, "dim": 2, "group": "behavior", "copies": 2 },
            { "name": "x", "rows": 5, "dim": 2, "group": "context" }
            """,
            members: """
            "attention": [4], "recurrent": 99999,
            """),
        "(5,34): $.sparse[2].dim found 2, expected 4, the candidate's width",
        "(9,14): $.attention the interaction 'recurrent-attention' has no use for it",
        "(9,32): $.recurrent found 99999, expected a width from 1 to 32768");

    [Fact]
    public void Read_TargetAttentionWithFaults_ReportsEachAtItsPlace() => AssertProblems(
        Text(
            "target-attention",
            denseFeatures: 0,
            bottomMlp: "[]",
            sparse: """
            { "name": "u", "rows": 5, "dim": 2, "lookups": 5, "group": "user", "sequence": true },
            { "name": "q", "rows": 5, "dim": 4, "group": "candidate" },
            { "name": "k", "rows": 5, "dim": 2, "lookups": 5, "group": "history" },
            { "name": "l", "rows": 5, "dim": 3, "lookups": 6, "group": "history", "sequence": true }
            """,
            members: """
            "attention": [],
            """),
        "(2,11): $.sparse found 5 elements a step of the history, expected 4, the candidate's width",
        "(3,80): $.sparse[0].sequence found true, expected false outside the group 'history'",
        "(5,1): $.sparse[2].sequence found false, expected true in the group 'history'",
        "(6,48): $.sparse[3].lookups found 6, expected 5 steps as in k: sequences run in step",
        "(9,14): $.attention found an empty list, expected the output width of every layer");

    [Fact]
    public void Read_AttentionalGruWithFaults_ReportsEachAtItsPlace() => AssertProblems(
        Text(
            "attentional-gru",
            denseFeatures: 0,
            bottomMlp: "[]",
            sparse: """
            { "name": "u", "rows": 5, "dim": 2, "group": "user" },
            { "name": "q", "rows": 5, "dim": 4, "group": "candidate" },
            { "name": "k", "rows": 5, "dim": 4, "lookups": 5, "group": "history", "sequence": true }
            """,
            members: """
            "attention": [0, 4], "recurrent": 0,
            """),
        "(8,15): $.attention[0] found 0, expected a width from 1 to 32768",
        "(8,35): $.recurrent found 0, expected a width from 1 to 32768");

    [Fact]
    public void Read_AttentionalGruWithoutItsSizes_IsRefused() => AssertProblems(
        Text(
            "attentional-gru",
            denseFeatures: 0,
            bottomMlp: "[]",
            sparse: """
            { "name": "u", "rows": 5, "dim": 2, "group": "user" },
            { "name": "q", "rows": 5, "dim": 4, "group": "candidate" },
            { "name": "k", "rows": 5, "dim": 4, "lookups": 5, "group": "history", "sequence": true }
            """),
        "(1,1): $.attention the member is missing, the interaction 'attentional-gru' needs it",
        "(1,1): $.recurrent the member is missing, the interaction 'attentional-gru' needs it");

    private static void AssertProblems(string text, params string[] expected)
    {
        var problems = Assert.Throws<InvalidInputException>(() => CardFormat.Read(text, "")).Problems;
        Assert.Equal(expected, problems.Select(problem => $"{problem.Where} {problem.What}{(problem.Advice is null ? "" : $"; {problem.Advice}")}"));
    }

    /// <summary>A card whose features stand on lines 3 and after, one a line.</summary>
    private static string Text(string interaction, int denseFeatures, string bottomMlp, string sparse, string members = "") => $$"""
        { "schema": "rectune.card/1", "name": "n", "description": "d", "source": "s", "denseFeatures": {{denseFeatures}},
        "sparse": [
        {{sparse}}
        ],
        "bottomMlp": {{bottomMlp}}, "interaction": "{{interaction}}", "topMlp": [2],
        {{members}}
        "skew": { "zipfExponent": 1, "source": "assumed", "where": "w" }, "sla": { "percentile": 99, "limitMs": 1, "source": "assumed", "where": "w" } }
        """;
}
