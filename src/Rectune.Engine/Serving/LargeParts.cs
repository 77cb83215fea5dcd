using System.Numerics.Tensors;
using Rectune.Core.Scheduling;

namespace Rectune.Engine.Serving;

/// <summary>
/// Parts of a run whose dense features are far larger than others'. Layers of eight bits scale all of a run by its largest value, so that what is far smaller loses its digits: such parts are scored
/// after the rest, together. Allocates nothing after construction.
/// </summary>
/// <param name="maxParts">Largest number of parts.</param>
internal sealed class LargeParts(int maxParts)
{
    /// <summary>Times the smallest magnitude that one of the rest may have: four of the eight bits are left to that.</summary>
    public const float Spread = 16;

    /// <summary>Magnitudes below it count as this: biases and vectors of the tables are of about that size, whatever the features are.</summary>
    public const float Ordinary = 1;

    private readonly float[] magnitudes = new float[maxParts];
    private readonly bool[] large = new bool[maxParts];

    /// <summary>Whether there are any.</summary>
    public bool Any { get; private set; }

    public bool this[int part] => large[part];

    /// <param name="run">What is to be scored.</param>
    /// <param name="sources"><c>[parts]</c>: the queries.</param>
    /// <param name="skipped"><c>[parts]</c>: not to be scored, and of no importance to the others.</param>
    /// <param name="scaledTogether">Dense features of a sample that share one scale with those of the rest of the run; 0 where each sample's scores are its own.</param>
    public void Find(Run run, ReadOnlySpan<QuerySlot> sources, ReadOnlySpan<bool> skipped, int scaledTogether)
    {
        if (scaledTogether == 0 || run.Parts == 1)
        {
            Any = false;
            large.AsSpan(0, run.Parts).Clear();
            return;
        }

        for (var i = 0; i < run.Parts; i++)
        {
            var part = run[i];
            magnitudes[i] = skipped[i] ? float.PositiveInfinity
                : Math.Abs(TensorPrimitives.MaxMagnitude<float>(sources[i].Source!.Dense.AsSpan((sources[i].Start + part.Start) * scaledTogether, part.Count * scaledTogether)));
        }

        Find(magnitudes.AsSpan(0, run.Parts));
    }

    /// <param name="largest"><c>[parts]</c>: the largest magnitude of each; what is not a number is larger than any.</param>
    public void Find(ReadOnlySpan<float> largest)
    {
        var smallest = float.PositiveInfinity;
        foreach (var magnitude in largest)
        {
            smallest = magnitude < smallest ? magnitude : smallest;
        }

        var most = Spread * Math.Max(smallest, Ordinary);
        Any = false;
        for (var i = 0; i < largest.Length; i++)
        {
            large[i] = !(largest[i] <= most);
            Any |= large[i];
        }
    }
}
