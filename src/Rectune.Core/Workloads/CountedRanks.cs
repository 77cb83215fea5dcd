namespace Rectune.Core.Workloads;

/// <summary>Ranks whose uses were counted.</summary>
public sealed class CountedRanks : IRankLaw
{
    private readonly long[] uses;

    /// <summary>Uses of the first r + 1 ranks together.</summary>
    private readonly long[] sums;

    private readonly double total;

    /// <param name="descendingUses">Of each rank, in order.</param>
    /// <param name="total">All uses, those of ids without a rank too.</param>
    public CountedRanks(IEnumerable<long> descendingUses, long total)
    {
        ArgumentNullException.ThrowIfNull(descendingUses);
        uses = [.. descendingUses];
        sums = new long[uses.Length];
        var sum = 0L;
        for (var rank = 0; rank < uses.Length; rank++)
        {
            if (uses[rank] < 0 || (rank > 0 && uses[rank] > uses[rank - 1]))
            {
                throw new ArgumentException("expected uses of at least 0 that never rise", nameof(descendingUses));
            }

            sums[rank] = sum += uses[rank];
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(total, sum);
        this.total = Math.Max(1, total);
    }

    public long Ranks => uses.Length;

    public double Share(long rank) => uses[rank - 1] / total;

    public double ShareOfFirst(long count) => count <= 0 || uses.Length == 0 ? 0 : sums[Math.Min(count, uses.Length) - 1] / total;

    public long RanksWith(double share)
    {
        var (low, high) = (0, uses.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = uses[middle] / total >= share ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
