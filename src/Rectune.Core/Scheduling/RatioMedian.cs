namespace Rectune.Core.Scheduling;

/// <summary>The median of ratios, counted in fixed memory: 1/32 to 32, a sixteenth of a doubling each and linear within, wrong by less than a fortieth. Ratios beyond count as the last.</summary>
internal sealed class RatioMedian
{
    private const int PerDoubling = 16;

    private const int Doublings = 5;

    private readonly int[] counts = new int[2 * Doublings * PerDoubling];

    public int Count { get; private set; }

    public void Add(double ratio)
    {
        // Written so that what is no number counts as the least.
        var place = (Math.Log2(ratio) + Doublings) * PerDoubling;
        counts[place > 0 ? (int)Math.Min(place, counts.Length - 1) : 0]++;
        Count++;
    }

    /// <summary>Of what was added since it was cleared; at least one ratio.</summary>
    public double Median()
    {
        var half = 0.5 * Count;
        var below = 0;
        var at = 0;
        while (below + counts[at] < half)
        {
            below += counts[at++];
        }

        return double.Exp2(((at + ((half - below) / counts[at])) / PerDoubling) - Doublings);
    }

    public void Clear()
    {
        Array.Clear(counts);
        Count = 0;
    }
}
