using Rectune.Core.Numerics;

namespace Rectune.Engine.Load.Http;

/// <summary>Values for a model of which only the metadata is known: ids uniform from 0 up to a bound, reals uniform in [0, 1). Every sample has a stream of the seed of its own.</summary>
public sealed class UniformValues : IQueryValues
{
    /// <summary>Distinct samples.</summary>
    private const int Samples = 1 << 20;

    private readonly ServedModel model;
    private readonly long idBound;
    private readonly ulong seed;

    /// <param name="idBound">Ids are smaller than this, and than what their type holds.</param>
    public UniformValues(ServedModel model, long idBound, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(idBound);
        (this.model, this.idBound, this.seed) = (model, idBound, seed);
    }

    public int Starts(int samples) => Samples - samples + 1;

    public void Fill(int input, int start, Span<double> values)
    {
        var tensor = model.Inputs[input];
        var bound = Math.Min(idBound, ElementKinds.Largest(tensor.Kind) + 1);
        for (var at = 0; at < values.Length; at += tensor.Width)
        {
            var generator = SplitMix64.For(seed, (ulong)input, (ulong)(start + (at / tensor.Width)));
            foreach (ref var value in values.Slice(at, tensor.Width))
            {
                value = ElementKinds.IsReal(tensor.Kind) ? generator.NextDouble() : generator.NextInt64(bound);
            }
        }
    }
}
