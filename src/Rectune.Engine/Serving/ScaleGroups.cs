using System.Numerics.Tensors;
using Rectune.Core.Scheduling;

namespace Rectune.Engine.Serving;

/// <summary>
/// Which parts of a run are scored together. Layers of eight bits scale all of a run by its largest value, so that what is far smaller loses its digits: there, parts whose
/// largest dense features lie further apart than <see cref="Spread"/> are scored in turn, and no query's values coarsen another's scores. Allocates nothing after construction.
/// </summary>
/// <param name="maxParts">Largest number of parts.</param>
internal sealed class ScaleGroups(int maxParts)
{
    /// <summary>Times that the largest magnitude of a group may be that of another of its parts: four of the eight bits are left to that.</summary>
    public const float Spread = 16;

    private const int Ungrouped = -1;

    private readonly float[] magnitudes = new float[maxParts];
    private readonly int[] groups = new int[maxParts];

    /// <summary>Number of groups; they are numbered from 0 by falling magnitude.</summary>
    public int Count { get; private set; }

    /// <summary>Group of a part; negative where it is not scored at all.</summary>
    public int this[int part] => groups[part];

    /// <param name="run">What is to be scored.</param>
    /// <param name="sources"><c>[parts]</c>: the queries.</param>
    /// <param name="skipped"><c>[parts]</c>: not to be scored.</param>
    /// <param name="scaledTogether">Dense features of a sample that share one scale with those of the rest of the run; 0 where each sample's scores are its own.</param>
    public void Split(Run run, ReadOnlySpan<QuerySlot> sources, ReadOnlySpan<bool> skipped, int scaledTogether)
    {
        for (var i = 0; i < run.Parts; i++)
        {
            var part = run[i];
            magnitudes[i] = skipped[i] ? float.NaN
                : scaledTogether == 0 || run.Parts == 1 ? 0
                : Math.Abs(TensorPrimitives.MaxMagnitude<float>(sources[i].Source!.Dense.AsSpan((sources[i].Start + part.Start) * scaledTogether, part.Count * scaledTogether)));
        }

        Split(magnitudes.AsSpan(0, run.Parts));
    }

    /// <param name="largest"><c>[parts]</c>: largest magnitude of a part; not a number where the part is not scored.</param>
    public void Split(ReadOnlySpan<float> largest)
    {
        groups.AsSpan(0, largest.Length).Fill(Ungrouped);
        Count = 0;
        for (; ; Count++)
        {
            var top = 0f;
            var left = false;
            for (var i = 0; i < largest.Length; i++)
            {
                if (groups[i] == Ungrouped && largest[i] >= 0)
                {
                    (top, left) = (Math.Max(top, largest[i]), true);
                }
            }

            if (!left)
            {
                return;
            }

            // Zeros have no scale to lose and go with the last.
            if (top == 0 && Count > 0)
            {
                Count--;
            }

            for (var i = 0; i < largest.Length; i++)
            {
                if (groups[i] == Ungrouped && largest[i] >= top / Spread)
                {
                    groups[i] = Count;
                }
            }
        }
    }
}
