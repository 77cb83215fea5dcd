namespace Rectune.Core.Domain;

/// <summary>Sizes and names of the table precisions.</summary>
public static class TablePrecisions
{
    /// <summary>Every precision, widest first.</summary>
    public static IReadOnlyList<TablePrecision> All { get; } = [TablePrecision.Fp32, TablePrecision.Fp16, TablePrecision.Int8, TablePrecision.Int4];

    /// <summary>Bytes that one row of <paramref name="dim"/> elements takes, scale and bias included.</summary>
    public static int RowBytes(this TablePrecision precision, int dim) => precision switch
    {
        TablePrecision.Fp32 => dim * sizeof(float),
        TablePrecision.Fp16 => dim * sizeof(short),
        TablePrecision.Int8 => dim + (2 * sizeof(float)),
        TablePrecision.Int4 => ((dim + 1) / 2) + (2 * sizeof(short)),
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, "unknown table precision"),
    };

    /// <summary>The name used in files and messages: <c>fp32</c>, <c>fp16</c>, <c>int8</c>, <c>int4</c>.</summary>
    public static string Name(this TablePrecision precision) => precision switch
    {
        TablePrecision.Fp32 => "fp32",
        TablePrecision.Fp16 => "fp16",
        TablePrecision.Int8 => "int8",
        TablePrecision.Int4 => "int4",
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, "unknown table precision"),
    };
}
