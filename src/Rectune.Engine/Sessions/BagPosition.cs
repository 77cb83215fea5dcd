using Rectune.Core.Domain;

namespace Rectune.Engine.Sessions;

/// <summary>Walks over the ids of one column, from the first of a sample on, knowing whose bag each is in.</summary>
internal struct BagPosition
{
    private readonly SparseColumn column;
    private readonly int idsPerSample;
    private readonly int firstSample;
    private int sample;
    private int next;

    public BagPosition(FeatureBatch source, int feature, int start, int count)
    {
        column = source.Columns[feature];
        idsPerSample = column.Offsets is null ? column.Ids.Length / source.Samples : 0;
        firstSample = sample = start;
        next = Start(start);
        Remaining = Start(start + count) - next;
    }

    /// <summary>Ids not yet taken.</summary>
    public int Remaining { get; private set; }

    /// <summary>The next ids, at most <paramref name="most"/>, without taking them.</summary>
    public readonly ReadOnlySpan<int> Peek(int most) => column.Ids.AsSpan(next, Math.Min(most, Remaining));

    /// <summary>Takes one id: the sample that it belongs to, counted from the first, and its place in the bag.</summary>
    public (int Sample, int Step) Take()
    {
        while (next >= Start(sample + 1))
        {
            sample++;
        }

        Remaining--;
        return (sample - firstSample, next++ - Start(sample));
    }

    private readonly int Start(int ofSample) => column.Offsets is null ? ofSample * idsPerSample : column.Offsets[ofSample];
}
