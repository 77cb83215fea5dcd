using Rectune.Core.Numerics;

namespace Rectune.Core.Models;

/// <summary>
/// Seeded normal values. A parameter depends on the seed and its own name only, so parameters can be drawn in any order, and graphs that hold the same
/// parameters compute the same scores.
/// </summary>
public sealed class RandomParameters(ulong seed) : IParameters
{
    /// <summary>Keeps these streams apart from any other that is drawn from the same seed.</summary>
    private const ulong Purpose = 0x44656E7365;

    public float[] Values(ParameterShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var values = new float[checked((int)shape.Elements)];
        if (shape.Deviation == 0)
        {
            Array.Fill(values, shape.Constant);
            return values;
        }

        var random = SplitMix64.For(seed, Purpose, StableHash.Of(shape.Name));
        foreach (ref var value in values.AsSpan())
        {
            value = (float)(shape.Deviation * random.NextNormal());
        }

        return values;
    }
}
