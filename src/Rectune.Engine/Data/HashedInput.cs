using System.Security.Cryptography;

namespace Rectune.Engine.Data;

/// <summary>A stream read in blocks and hashed as it is read; what has not been taken yet stays in front.</summary>
/// <param name="stream">Read to its end; not disposed of.</param>
/// <param name="bufferBytes">Most that can wait to be taken.</param>
internal sealed class HashedInput(Stream stream, int bufferBytes) : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] buffer = new byte[bufferBytes];
    private int begin;
    private int end;
    private string? sha256;

    /// <summary>Read and not taken; valid until the next <see cref="TryRead"/>.</summary>
    public ReadOnlySpan<byte> Waiting => buffer.AsSpan(begin, end - begin);

    /// <summary>Whether nothing comes after <see cref="Waiting"/>.</summary>
    public bool Ended { get; private set; }

    /// <summary>SHA-256 of all that was read, lower-case hexadecimal; null before <see cref="Ended"/>.</summary>
    public string? Sha256 => Ended ? sha256 ??= Convert.ToHexStringLower(hash.GetHashAndReset()) : null;

    public void Take(int bytes) => begin += bytes;

    /// <summary>Reads behind what waits; false where all of the buffer waits.</summary>
    public bool TryRead()
    {
        Waiting.CopyTo(buffer);
        end -= begin;
        begin = 0;
        if (end == buffer.Length)
        {
            return false;
        }

        var read = stream.Read(buffer, end, buffer.Length - end);
        hash.AppendData(buffer, end, read);
        end += read;
        Ended = read == 0;
        return true;
    }

    public void Dispose() => hash.Dispose();
}
