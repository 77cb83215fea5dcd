using System.Numerics;
using Rectune.Core.Domain;

namespace Rectune.Engine.Kernels;

/// <summary>Where one table lies in memory.</summary>
/// <param name="Slot">The table.</param>
/// <param name="Offset">Bytes from the first table to row 0; a multiple of a cache line.</param>
/// <param name="RowBytes">Bytes from one row to the next.</param>
/// <param name="RowLines">Cache lines that a row touches at most.</param>
internal readonly record struct TableLayout(TableSlot Slot, long Offset, int RowBytes, int RowLines)
{
    /// <summary>Tables start on cache lines, so that a 64-byte row is one line and not two.</summary>
    private const int LineBytes = 64;

    /// <summary>Lays tables one after another.</summary>
    /// <param name="width">Elements of an output row.</param>
    /// <param name="bytes">Memory that they take, alignment included.</param>
    /// <exception cref="InvalidInputException">A slot that cannot be: its shape, its place in the output row, or its sharing.</exception>
    public static TableLayout[] Lay(IReadOnlyList<TableSlot> slots, int width, TablePrecision precision, out long bytes)
    {
        ArgumentNullException.ThrowIfNull(slots);
        var laid = new TableLayout[slots.Count];
        bytes = 0;
        for (var table = 0; table < laid.Length; table++)
        {
            var slot = slots[table];
            Check(slots, table, width);
            if (slot.SharedWith is { } owner)
            {
                laid[table] = laid[owner] with { Slot = slot };
                continue;
            }

            var rowBytes = precision.RowBytes(slot.Dim);
            laid[table] = new TableLayout(slot, bytes, rowBytes, LinesAtMost(rowBytes));
            bytes += ((slot.Rows * rowBytes) + LineBytes - 1) / LineBytes * LineBytes;
        }

        CheckApart(slots);
        return laid;
    }

    /// <summary>Rows start at the multiples of the largest power of two in their stride; the last of these in a line reaches furthest.</summary>
    private static int LinesAtMost(int rowBytes)
    {
        var grain = Math.Min(1 << BitOperations.TrailingZeroCount(rowBytes), LineBytes);
        return ((LineBytes - grain + rowBytes - 1) / LineBytes) + 1;
    }

    private static void Check(IReadOnlyList<TableSlot> slots, int table, int width)
    {
        var slot = slots[table];
        var where = NameOf(slots, table);
        if (slot.Rows is < 1 or > int.MaxValue || slot.Dim < 1)
        {
            throw new InvalidInputException(
                where, $"found {slot.Rows} rows of {slot.Dim} elements, expected 1 to {int.MaxValue} rows of at least 1 element");
        }

        if (slot.Feature < 0 || slot.Steps < 0 || slot.Divisor < 1 || slot.Modulus < 0 || slot.Modulus > slot.Rows)
        {
            throw new InvalidInputException(
                where,
                $"found feature {slot.Feature}, {slot.Steps} steps, divisor {slot.Divisor}, modulus {slot.Modulus}, "
                + $"expected none negative, a divisor of at least 1 and a modulus of at most the {slot.Rows} rows");
        }

        if (slot.Target < 0 || slot.Target + ((long)Math.Max(1, slot.Steps) * slot.Dim) > width)
        {
            throw new InvalidInputException(
                where, $"found {Math.Max(1, slot.Steps)} × {slot.Dim} elements from element {slot.Target} on, expected them inside an output row of {width}");
        }

        if (slot.SharedWith is { } owner
            && (owner < 0 || owner >= table || slots[owner].Rows != slot.Rows || slots[owner].Dim != slot.Dim))
        {
            throw new InvalidInputException(where, $"shares the rows of slot {owner}, expected an earlier one of {slot.Rows} rows of {slot.Dim} elements");
        }
    }

    /// <summary>No element of an output row may have two writers: which one came last would depend on the order of work.</summary>
    private static void CheckApart(IReadOnlyList<TableSlot> slots)
    {
        var order = Enumerable.Range(0, slots.Count).OrderBy(table => slots[table].Target).ToArray();
        for (var i = 1; i < order.Length; i++)
        {
            var (left, right) = (slots[order[i - 1]], slots[order[i]]);
            if (left.Target + left.Width > right.Target)
            {
                throw new InvalidInputException(
                    NameOf(slots, order[i]), $"starts at element {right.Target} of the output row, inside the elements of {NameOf(slots, order[i - 1])}");
            }
        }
    }

    private static string NameOf(IReadOnlyList<TableSlot> slots, int table) => slots[table].Name ?? $"table slot {table}";
}
