namespace Rectune.Core.Scheduling;

/// <summary>A query inside the scheduler.</summary>
internal struct Slot
{
    public long OfferedNs;

    /// <summary><see cref="long.MaxValue"/> for none.</summary>
    public long DeadlineNs;

    /// <summary>Where it ends in the work of its lane, samples.</summary>
    public long End;

    /// <summary>Least grade of the paths that may answer it, as its lane numbers them.</summary>
    public int Grade;

    public int Samples;
    public int Parts;
    public int NextPart;
    public int Unfinished;

    /// <summary>First sample of a part: near-equal parts by rounding down multiples of samples / parts.</summary>
    public readonly int PartStart(int part) => (int)((long)Samples * part / Parts);
}
