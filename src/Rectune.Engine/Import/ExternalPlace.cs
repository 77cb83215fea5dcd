using Microsoft.Win32.SafeHandles;

namespace Rectune.Engine.Import;

/// <summary>Where an external tensor's contents begin.</summary>
internal readonly record struct ExternalPlace(SafeFileHandle File, long Offset)
{
    /// <summary>Fills <paramref name="bytes"/> from <paramref name="at"/> bytes after the beginning.</summary>
    public void Read(long at, Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var read = RandomAccess.Read(File, bytes, Offset + at);
            if (read == 0)
            {
                throw new EndOfStreamException("a file with tensors has become shorter while it was in use");
            }

            at += read;
            bytes = bytes[read..];
        }
    }
}
