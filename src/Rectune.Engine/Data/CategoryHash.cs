using Rectune.Core.Numerics;

namespace Rectune.Engine.Data;

/// <summary>Turns categories of any cardinality into rows of a table of fixed size: the hashing trick, with one seed a feature.</summary>
public static class CategoryHash
{
    /// <summary>Stands for a missing value; no 32-bit category equals it.</summary>
    private const ulong Missing = 1UL << 32;

    /// <summary>The row in [0, <paramref name="rows"/>) of a category of feature <paramref name="feature"/>; a missing one has a row of its own choosing.</summary>
    public static int Row(int feature, uint? category, long rows)
    {
        var seed = SplitMix64.Mix((ulong)feature + 1);
        return checked((int)Math.BigMul(SplitMix64.Mix(seed ^ (category ?? Missing)), (ulong)rows, out _));
    }
}
