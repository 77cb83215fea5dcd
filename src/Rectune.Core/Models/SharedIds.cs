using Rectune.Core.Domain;

namespace Rectune.Core.Models;

/// <summary>Features that read the same ids from tables of their own: whose ids, and which bound holds for all of them.</summary>
public static class SharedIds
{
    /// <summary>Index of the feature whose ids a feature reads: its own where it has ids of its own.</summary>
    public static int OwnerOf(ModelCard card, int feature)
    {
        ArgumentNullException.ThrowIfNull(card);
        return card.Sparse[feature].Ids is { } owner ? card.Sparse.TakeWhile(f => f.Name != owner).Count() : feature;
    }

    /// <summary>Rows of the smallest of the tables that the ids of a feature are looked up in.</summary>
    public static long Bound(ModelCard card, int feature)
    {
        ArgumentNullException.ThrowIfNull(card);
        var name = card.Sparse[feature].Name;
        return card.Sparse.Where(f => f.Ids == name).Select(f => f.Rows).Append(card.Sparse[feature].Rows).Min();
    }
}
