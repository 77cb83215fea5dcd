namespace Rectune.Engine.Kernels;

/// <summary>The hash functions of one feature in raw form.</summary>
internal unsafe struct HashRun
{
    /// <summary><c>[count]</c>: a_j.</summary>
    public uint* Multipliers;

    /// <summary><c>[count]</c>: ⌊a_j · 2³² / p⌋.</summary>
    public uint* Quotients;

    /// <summary><c>[count]</c>: b_j.</summary>
    public uint* Addends;

    public int Count;

    /// <summary>p</summary>
    public uint Prime;

    /// <summary>m</summary>
    public uint Range;
}
