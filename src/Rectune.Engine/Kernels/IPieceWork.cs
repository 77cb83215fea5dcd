namespace Rectune.Engine.Kernels;

/// <summary>Work cut into pieces that may run in any order, on any thread, at the same time.</summary>
public interface IPieceWork
{
    /// <summary>Does one piece; each is asked for at most once a run.</summary>
    void RunPiece(int piece);
}
