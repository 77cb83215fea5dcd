using Rectune.Core.Models;
using Rectune.Core.Numerics;

namespace Rectune.Tests.Fakes;

/// <summary>Seeded normal values by name, also for parameters that start constant, so that no element is like another; notes what was asked for.</summary>
internal sealed class UnevenParameters(ulong seed) : IParameters
{
    private readonly SortedDictionary<string, long> asked = new(StringComparer.Ordinal);

    /// <summary>Elements of every parameter that was asked for, by name.</summary>
    public IReadOnlyDictionary<string, long> Asked => asked;

    public float[] Values(ParameterShape shape)
    {
        asked[shape.Name] = shape.Elements;
        var random = SplitMix64.For(seed, StableHash.Of(shape.Name));
        var deviation = Math.Sqrt(2.0 / (shape.Extents[0] + shape.Extents[^1]));
        var values = new float[shape.Elements];
        foreach (ref var value in values.AsSpan())
        {
            value = (float)(deviation * random.NextNormal());
        }

        return values;
    }
}
