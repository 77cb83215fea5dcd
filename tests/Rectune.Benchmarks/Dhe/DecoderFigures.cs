namespace Rectune.Benchmarks.Dhe;

/// <summary>What was measured of one form of the decoders at one thread count, one entry a round, in 10⁹ decoder operations a second.</summary>
internal sealed record DecoderFigures(string Name, int Threads)
{
    public List<double> Decoding { get; } = [];

    /// <summary>The same operations over the time of hashing and decoding.</summary>
    public List<double> WithHashing { get; } = [];
}
