namespace Rectune.Core.Representations;

/// <summary>Rows kept in memory for a feature. Id x reads row ⌊x / divisor⌋, taken modulo the modulus where there is one.</summary>
/// <param name="Name">Of the parameter: the feature whose table it is, and the part where a table has several.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Dim">Elements of a row.</param>
/// <param name="Limit">Random elements are uniform on ±limit.</param>
/// <param name="Divisor">At least 1.</param>
/// <param name="Modulus">0 for none.</param>
public sealed record StoredRows(string Name, long Rows, int Dim, double Limit, long Divisor = 1, long Modulus = 0)
{
    public long RowOf(long id) => Modulus == 0 ? id / Divisor : id / Divisor % Modulus;
}
