using System.Buffers;
using System.Numerics;

namespace Rectune.Engine.Serving.Protocol;

/// <summary>The bytes of one request, in memory that is kept for the next.</summary>
public sealed class RequestBody
{
    private byte[] bytes = [];

    public int Length { get; private set; }

    public int Capacity => bytes.Length;

    public ReadOnlySpan<byte> Span => bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Makes room for <paramref name="total"/> bytes in all.</summary>
    public void Reserve(int total)
    {
        if (total > bytes.Length)
        {
            Array.Resize(ref bytes, (int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)total), (uint)Array.MaxLength));
        }
    }

    public void Append(ReadOnlySpan<byte> part)
    {
        Reserve(checked(Length + part.Length));
        part.CopyTo(bytes.AsSpan(Length));
        Length += part.Length;
    }

    public void Append(in ReadOnlySequence<byte> parts)
    {
        foreach (var part in parts)
        {
            Append(part.Span);
        }
    }
}
