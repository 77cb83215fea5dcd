using System.Runtime.CompilerServices;

namespace Rectune.Engine.Kernels;

/// <summary>How an id becomes a row. A type of its own for the plain rule, so that plain tables pay no division.</summary>
internal interface IIndexRule
{
    static abstract uint RowOf(uint id, uint divisor, uint modulus);

    /// <summary>The id is the row.</summary>
    internal readonly struct Identity : IIndexRule
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static uint RowOf(uint id, uint divisor, uint modulus) => id;
    }

    /// <summary>(id / divisor) mod modulus.</summary>
    internal readonly struct Reduction : IIndexRule
    {
        /// <summary>A modulus above every id, which changes none.</summary>
        public const uint NoModulus = 1u << 31;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static uint RowOf(uint id, uint divisor, uint modulus) => id / divisor % modulus;
    }
}
