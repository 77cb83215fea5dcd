using Rectune.Core.Models;

namespace Rectune.Core.Representations;

/// <summary>Hashes that stand in for a table's rows.</summary>
/// <param name="Name">The feature whose table they replace: names the hash functions.</param>
/// <param name="Count">k, hashes an id.</param>
/// <param name="Range">m, values of a hash.</param>
/// <param name="Encoding">How hashes become real numbers.</param>
public sealed record HashInput(string Name, int Count, int Range, DheEncoding Encoding)
{
    /// <summary>
    /// Arithmetic operations of hashing and encoding one id: 4 a hash to hash, 4 more to spread it evenly or 10 for a normal one (the cost model of MP-Rec's published code).
    /// </summary>
    public long Operations => (long)Count * (Encoding == DheEncoding.Uniform ? 8 : 14);

    /// <summary>Multiplier, addend and the quotient that saves a division: three 32-bit numbers a hash.</summary>
    public long Bytes => 12L * Count;
}
