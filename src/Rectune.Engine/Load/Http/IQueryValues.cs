namespace Rectune.Engine.Load.Http;

/// <summary>What requests are filled with. The same arguments give the same values.</summary>
public interface IQueryValues
{
    /// <summary>Where queries may begin: from 0 to this, exclusive, for queries of so many samples.</summary>
    int Starts(int samples);

    /// <summary>Writes samples <paramref name="start"/> and following of one input, sample by sample.</summary>
    /// <param name="input">Index of the model's input.</param>
    /// <param name="values"><c>[samples, width of the input]</c>; ids as whole numbers.</param>
    void Fill(int input, int start, Span<double> values);
}
