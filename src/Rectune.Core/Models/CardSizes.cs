using System.Text.RegularExpressions;
using Rectune.Core.Domain;

namespace Rectune.Core.Models;

/// <summary>Cards of the same architecture in another size. What a card must satisfy is not checked here.</summary>
public static partial class CardSizes
{
    /// <summary>Group of the features that stand for past behaviour, each with a table and weights of its own.</summary>
    private const string BehaviorGroup = "behavior";

    /// <summary>The card with <paramref name="heads"/> task heads; null where it has none to begin with.</summary>
    public static ModelCard? WithHeads(ModelCard card, int heads)
    {
        ArgumentNullException.ThrowIfNull(card);
        return card.Heads is null ? null : card with { Heads = card.Heads with { Tasks = heads } };
    }

    /// <summary>
    /// The card with features <c>behavior.1</c> … <c>behavior.n</c> in place of those of the group <c>behavior</c>, of their shape and after the first one's
    /// name; null where it has no such group, or its features differ in shape.
    /// </summary>
    public static ModelCard? WithBehaviors(ModelCard card, int behaviors)
    {
        ArgumentNullException.ThrowIfNull(card);
        var old = card.Sparse.Where(feature => feature.Group == BehaviorGroup).ToArray();
        if (old.Length == 0 || old.Any(feature => feature with { Name = old[0].Name } != old[0]))
        {
            return null;
        }

        var name = CopyNumber().Replace(old[0].Name, "");
        var copies = Enumerable.Range(1, behaviors).Select(copy => old[0] with { Name = FormattableString.Invariant($"{name}.{copy}") });
        return card with { Sparse = [.. card.Sparse.SelectMany(feature => feature == old[0] ? copies : feature.Group == BehaviorGroup ? [] : [feature])] };
    }

    [GeneratedRegex(@"\.[0-9]+\z")]
    private static partial Regex CopyNumber();
}
