namespace Rectune.Engine.Kernels;

/// <summary>A vector width for hashing: <see cref="Width"/> 32-bit words at a time, or half as many fp64 numbers of the even or odd places.</summary>
internal unsafe interface IHashLanes<TWords, TReals>
    where TWords : unmanaged
    where TReals : unmanaged, IReals<TReals>
{
    /// <summary>32-bit words of a vector; even.</summary>
    static abstract int Width { get; }

    /// <summary>
    /// The hashes from <paramref name="j"/> on of <paramref name="id"/>. a·x mod p by Shoup's multiplication: with q = ⌊⌊a·2³²/p⌋ · x / 2³²⌋, a·x − q·p lies in
    /// [0, 2p) for every 32-bit x, so 32-bit words hold it. Each modulus is then one conditional subtraction, the smaller of r and r − p as
    /// unsigned numbers, which for m needs p &lt; 2m: Bertrand's postulate.
    /// </summary>
    static abstract TWords Hash(in HashRun run, int j, uint id);

    /// <summary>(2·h − last) / divisor in fp32; both operands of the quotient are exact, so it is correctly rounded.</summary>
    static abstract void StoreUniform(TWords hashes, int last, float divisor, float* target);

    static abstract TReals Even(TWords words);

    static abstract TReals Odd(TWords words);

    /// <summary>Rounds to fp32 and interleaves.</summary>
    static abstract void StorePairs(TReals even, TReals odd, float* target);
}
