using Rectune.Core.Models;
using Rectune.Core.Representations;
using Rectune.Engine.Kernels;

namespace Rectune.Engine.Sessions;

/// <summary>
/// Hashing and encoding of the ids under way, into the inputs of a decoder: a piece is some rows of one feature. Every row is computed as it would be alone, so cutting
/// changes no bit.
/// </summary>
/// <param name="inputs">What each slot of the group hashes to.</param>
/// <param name="graphs">Where the hash functions come from.</param>
/// <param name="ids"><c>[slots][rows]</c></param>
/// <param name="session">Its input j takes the encodings of slot j.</param>
internal sealed class HashingPieces(HashInput[] inputs, ModelGraphs graphs, int[][] ids, GraphSession session) : IPieceWork
{
    /// <summary>1024 hashes of so many ids take about 10 µs, several times what handing out a piece does.</summary>
    private const int RowsPerPiece = 32;

    private readonly DheEncoder encoder = new();
    private readonly DheHashes[] hashes = Array.ConvertAll(inputs, graphs.Hashes);
    private int rows;
    private int piecesPerSlot;

    /// <summary>Cuts <paramref name="count"/> rows of every slot; returns the number of pieces.</summary>
    public int Cut(int count)
    {
        rows = count;
        piecesPerSlot = (count + RowsPerPiece - 1) / RowsPerPiece;
        return piecesPerSlot * hashes.Length;
    }

    /// <summary>Hashes <paramref name="count"/> rows of every slot on the caller's thread.</summary>
    public void RunAll(int count)
    {
        for (var piece = Cut(count) - 1; piece >= 0; piece--)
        {
            RunPiece(piece);
        }
    }

    public void RunPiece(int piece)
    {
        var (slot, part) = Math.DivRem(piece, piecesPerSlot);
        var first = part * RowsPerPiece;
        encoder.Encode(
            hashes[slot], inputs[slot].Encoding, ids[slot].AsSpan(first, Math.Min(RowsPerPiece, rows - first)), session.Input(slot)[(first * hashes[slot].Count)..]);
    }
}
