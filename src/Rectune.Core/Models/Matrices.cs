namespace Rectune.Core.Models;

/// <summary>Layouts of small matrices.</summary>
public static class Matrices
{
    /// <summary><c>[rows, columns]</c> → <c>[columns, rows]</c>.</summary>
    public static float[] Transpose(float[] matrix, int rows, int columns)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        var transposed = new float[matrix.Length];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                transposed[(column * rows) + row] = matrix[(row * columns) + column];
            }
        }

        return transposed;
    }
}
