namespace Rectune.Benchmarks.Dhe;

/// <summary>A way to decode a batch of all features.</summary>
internal interface IDecoderForm : IDisposable
{
    string Name { get; }

    /// <summary>Hashes and encodes the batch's ids into the inputs.</summary>
    void Encode();

    /// <summary>Decodes what the inputs hold.</summary>
    void Decode();

    /// <summary><c>[batch, dim]</c> of one feature, decoded last.</summary>
    ReadOnlySpan<float> Vectors(int feature);
}
