namespace Rectune.Core.Models.Interactions;

/// <summary>
/// Where each pairwise product ⟨vᵢ, vⱼ⟩ of n vectors lands when products are taken as diagonals instead of as a lower triangle.
/// <para>
/// With v₀ appended once more, the products form an <c>[n + 1, n]</c> matrix. Read row by row as <c>[n, n + 1]</c>, its column c holds the pairs of
/// distance c (and, after the wrap, n + 1 − c), so columns 1 … ⌈n/2⌉ hold every pair: one slice of runs replaces a gather of single elements, which in
/// ONNX Runtime costs a call an element. The few repeated pairs are ignored. Scores equal those of the lower triangle up to the order of summation.
/// </para>
/// </summary>
public sealed class DiagonalPairs
{
    private readonly int[] triangleIndex;

    public DiagonalPairs(int vectors)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vectors, 2);
        Vectors = vectors;
        Diagonals = (vectors + 1) / 2;
        triangleIndex = new int[vectors * Diagonals];
        var seen = new bool[vectors * (vectors - 1) / 2];
        for (var row = 0; row < vectors; row++)
        {
            for (var diagonal = 1; diagonal <= Diagonals; diagonal++)
            {
                var flat = (row * (vectors + 1)) + diagonal;
                var i = flat / vectors % vectors;
                var j = flat % vectors;
                var index = i == j ? -1 : TriangleIndex(Math.Max(i, j), Math.Min(i, j));
                if (index >= 0)
                {
                    index = seen[index] ? -1 : index;
                }

                if (index >= 0)
                {
                    seen[index] = true;
                }

                triangleIndex[(row * Diagonals) + diagonal - 1] = index;
            }
        }
    }

    public int Vectors { get; }

    /// <summary>Columns taken of the re-read product matrix.</summary>
    public int Diagonals { get; }

    /// <summary>For each of the <c>n · Diagonals</c> products in slice order: its index in the lower triangle read row by row, or −1 for a repeated pair.</summary>
    public ReadOnlySpan<int> TriangleIndices => triangleIndex;

    /// <summary>For each element of <c>[dim ‖ products in slice order]</c>: its index in <c>[dim ‖ lower triangle]</c>, or −1.</summary>
    public int[] InputOrder(int dim) => [.. Enumerable.Range(0, dim), .. triangleIndex.Select(index => index < 0 ? -1 : dim + index)];

    private static int TriangleIndex(int i, int j) => (i * (i - 1) / 2) + j;
}
