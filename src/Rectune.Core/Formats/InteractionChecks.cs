using Rectune.Core.Domain;

namespace Rectune.Core.Formats;

/// <summary>What each interaction asks of a card: groups, widths and the members that size it.</summary>
internal static class InteractionChecks
{
    private const int MaximumLayers = 64;

    private static readonly IReadOnlyDictionary<InteractionKind, string[]> GroupsOf = new Dictionary<InteractionKind, string[]>
    {
        [InteractionKind.NeuMf] = ["mf", "mlp"],
        [InteractionKind.ActivationUnits] = ["user", "behavior", "candidate", "context"],
        [InteractionKind.RecurrentAttention] = ["user", "behavior", "candidate", "context"],
        [InteractionKind.TargetAttention] = ["user", "candidate", "history"],
        [InteractionKind.AttentionalGru] = ["user", "candidate", "history"],
    };

    public static void Check(ModelCard card, RecordProblems problems)
    {
        CheckMembers(card, problems);
        if (card.Interaction == InteractionKind.Onnx)
        {
            return;
        }

        CheckDense(card, problems);
        if (card.Interaction == InteractionKind.Dot)
        {
            CheckDot(card, problems);
        }

        var groups = GroupsOf.GetValueOrDefault(card.Interaction, []);
        CheckSequences(card, groups.Contains("history"), problems);
        if (groups.Length == 0)
        {
            ForEach(card, problems, f => f.Group is not null, ".group", f => $"'{f.Group}'", $"no group: the interaction '{Name(card)}' treats all features alike");
            return;
        }

        CheckGroups(card, groups, problems);
        CheckWidthsOfGroups(card, problems);
    }

    private static void CheckMembers(ModelCard card, RecordProblems problems)
    {
        var kind = card.Interaction;
        Exactly(kind == InteractionKind.Onnx, card.Graph is not null, ".graph");
        Exactly(kind == InteractionKind.Cross, card.Cross is not null, ".cross");
        Exactly(
            kind is InteractionKind.ActivationUnits or InteractionKind.TargetAttention or InteractionKind.AttentionalGru, card.Attention is not null, ".attention");
        Exactly(kind is InteractionKind.RecurrentAttention or InteractionKind.AttentionalGru, card.Recurrent is not null, ".recurrent");
        if (card.Cross is { } cross)
        {
            problems.Require(cross.Layers is >= 1 and <= MaximumLayers, ".cross.layers", cross.Layers, $"from 1 to {MaximumLayers} layers");
            problems.Require(cross.Rank is >= 1 and <= CardChecks.MaximumWidth, ".cross.rank", cross.Rank, $"a width from 1 to {CardChecks.MaximumWidth}");
        }

        if (card.Attention is { } attention)
        {
            CardChecks.CheckWidths(attention, ".attention", needed: true, problems);
        }

        if (card.Recurrent is { } recurrent)
        {
            problems.Require(recurrent is >= 1 and <= CardChecks.MaximumWidth, ".recurrent", recurrent, $"a width from 1 to {CardChecks.MaximumWidth}");
        }

        void Exactly(bool needed, bool given, string path)
        {
            if (needed != given)
            {
                problems.Add(path, needed ? $"the member is missing, the interaction '{Name(card)}' needs it" : $"the interaction '{Name(card)}' has no use for it");
            }
        }
    }

    private static void CheckDense(ModelCard card, RecordProblems problems)
    {
        if (GroupsOf.ContainsKey(card.Interaction))
        {
            problems.Require(card.DenseFeatures == 0, ".denseFeatures", card.DenseFeatures, $"0: the interaction '{Name(card)}' takes no dense features");
        }

        if (card.Interaction == InteractionKind.NeuMf)
        {
            problems.Require(card.BottomMlp.Count > 0, ".bottomMlp", "an empty list", "the output width of every layer over the 'mlp' features");
        }
        else if (card.DenseFeatures == 0)
        {
            problems.Require(card.BottomMlp.Count == 0, ".bottomMlp", "layers", "an empty list: there are no dense features below it");
        }
    }

    private static void CheckDot(ModelCard card, RecordProblems problems)
    {
        problems.Require(card.DenseFeatures > 0, ".denseFeatures", card.DenseFeatures, "at least 1: the interaction 'dot' needs a dense vector");
        problems.Require(card.BottomMlp.Count > 0, ".bottomMlp", "an empty list", "the output width of every layer: the interaction 'dot' needs a dense vector of the features' width");
        if (card.BottomMlp.Count > 0)
        {
            var width = card.BottomMlp[^1];
            ForEach(card, problems, f => f.Dim != width, ".dim", f => f.Dim, $"{width}, the bottom MLP's last width: a dot product needs equal widths");
        }
    }

    private static void CheckGroups(ModelCard card, string[] groups, RecordProblems problems)
    {
        var expected = "one of " + string.Join(", ", groups);
        var ended = new HashSet<string>(StringComparer.Ordinal);
        string? current = null;
        for (var i = 0; i < card.Sparse.Count; i++)
        {
            var group = card.Sparse[i].Group;
            if (group is null || !groups.Contains(group))
            {
                var advice = group is not null && Spelling.Closest(group, groups) is { } close ? $"did you mean '{close}'?" : null;
                problems.Add($".sparse[{i}].group", $"found {(group is null ? "none" : $"'{group}'")}, expected {expected}", advice);
                continue;
            }

            if (group != current && !ended.Add(group))
            {
                problems.Add($".sparse[{i}].group", $"found '{group}' again after another group", "list the features of a group together");
            }

            current = group;
        }

        foreach (var missing in groups.Except(ended))
        {
            problems.Add(".sparse", $"no feature has the group '{missing}'", $"the interaction '{Name(card)}' needs at least one of every group");
        }
    }

    private static void CheckSequences(ModelCard card, bool hasHistory, RecordProblems problems)
    {
        if (hasHistory)
        {
            ForEach(card, problems, f => f.Group == "history" && !f.Sequence, ".sequence", _ => "false", "true in the group 'history'");
            ForEach(card, problems, f => f.Group != "history" && f.Sequence, ".sequence", _ => "true", "false outside the group 'history'");
        }
        else
        {
            ForEach(card, problems, f => f.Sequence, ".sequence", _ => "true", $"false: the interaction '{Name(card)}' takes no sequences");
        }
    }

    private static void CheckWidthsOfGroups(ModelCard card, RecordProblems problems)
    {
        var candidate = Of(card, "candidate").Sum(CardChecks.Elements);
        if (candidate > 0)
        {
            ForEach(card, problems, f => f.Group == "behavior" && f.Dim != candidate, ".dim", f => f.Dim, $"{candidate}, the candidate's width");
        }

        var history = Of(card, "history").ToArray();
        if (history.Length > 0 && candidate > 0)
        {
            problems.Require(
                history.Sum(CardChecks.Elements) == candidate, ".sparse", $"{history.Sum(CardChecks.Elements)} elements a step of the history", $"{candidate}, the candidate's width");
            ForEach(card, problems, f => f.Sequence && f.Lookups != history[0].Lookups, ".lookups", f => f.Lookups, $"{history[0].Lookups} steps as in {history[0].Name}: sequences run in step");
        }

        if (Of(card, "mf").FirstOrDefault() is { } first)
        {
            ForEach(card, problems, f => f.Group == "mf" && f.Dim != first.Dim, ".dim", f => f.Dim, $"{first.Dim} as in {first.Name}: the 'mf' vectors are added");
        }
    }

    private static IEnumerable<SparseFeature> Of(ModelCard card, string group) => card.Sparse.Where(f => f.Group == group);

    private static void ForEach(
        ModelCard card, RecordProblems problems, Func<SparseFeature, bool> wrong, string member, Func<SparseFeature, object> found, string expected)
    {
        for (var i = 0; i < card.Sparse.Count; i++)
        {
            problems.Require(!wrong(card.Sparse[i]), $".sparse[{i}]{member}", found(card.Sparse[i]), expected);
        }
    }

    private static string Name(ModelCard card) => JsonNames.Choice(card.Interaction);
}
