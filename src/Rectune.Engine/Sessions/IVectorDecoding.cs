using Rectune.Core.Domain;

namespace Rectune.Engine.Sessions;

/// <summary>Makes the decoded vectors of some slots for one instance.</summary>
internal interface IVectorDecoding : IDisposable
{
    /// <summary>Lookups in a cache so far; safe to ask from any thread.</summary>
    CacheUse CacheUse { get; }

    /// <summary>Writes the vectors of samples <paramref name="start"/> … <paramref name="start"/> + <paramref name="count"/> − 1.</summary>
    /// <param name="destination"><c>[count, layout width]</c>; other slots' elements are left alone.</param>
    void Decode(FeatureBatch source, int start, int count, Span<float> destination);
}
