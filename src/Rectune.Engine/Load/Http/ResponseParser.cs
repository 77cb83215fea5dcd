using System.Buffers.Text;
using System.Text;

namespace Rectune.Engine.Load.Http;

/// <summary>
/// Reads HTTP/1.x responses (RFC 9112) one after the other, in whatever pieces they arrive: status, length by <c>Content-Length</c>, chunks or the connection's end, and the
/// body where it is asked for. Allocates nothing but the bodies that are kept. One connection's, not safe for concurrent use.
/// </summary>
internal sealed class ResponseParser
{
    /// <summary>Longest line of a head that is still believed.</summary>
    private const int LongestLine = 4096;

    /// <summary>Longest body that is kept.</summary>
    private const int LongestBody = 256 << 20;

    private readonly byte[] line = new byte[LongestLine];

    private Part part = Part.Status;
    private int lineLength;
    private bool keepBody;
    private byte[] body = [];
    private int bodyLength;
    private long contentLength;
    private long remaining;
    private bool chunked;

    private enum Part
    {
        Status,
        Header,
        Body,
        ChunkSize,
        Chunk,
        ChunkEnd,
        Trailer,
        UntilEnd,
        Complete,
        Malformed,
    }

    /// <summary>The status code, once its line was read.</summary>
    public int Status { get; private set; }

    /// <summary>Whether the connection may be used again.</summary>
    public bool KeepAlive { get; private set; }

    /// <summary>Length of the JSON part where raw tensors follow it; null where the response does not say.</summary>
    public int? JsonBytes { get; private set; }

    public bool IsComplete => part == Part.Complete;

    /// <summary>What came is no HTTP response; nothing more can be read from this connection.</summary>
    public bool IsMalformed => part == Part.Malformed;

    /// <summary>The body as far as it was read, where it is kept.</summary>
    public ReadOnlySpan<byte> Body => body.AsSpan(0, bodyLength);

    /// <summary>Prepares for the next response.</summary>
    public void Begin(bool keepBody)
    {
        this.keepBody = keepBody;
        bodyLength = lineLength = Status = 0;
        body = keepBody ? body : [];
        StartHead();
    }

    /// <summary>Reads on; returns the bytes used, which are all of them unless the response is complete or malformed.</summary>
    public int Feed(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length && part < Part.Complete)
        {
            var rest = bytes[at..];
            at += part is Part.Body or Part.Chunk or Part.UntilEnd ? TakeBody(rest) : TakeLine(rest);
        }

        return at;
    }

    /// <summary>The connection ended: true where that is how the response says where it ends.</summary>
    public bool TryEnd()
    {
        if (part != Part.UntilEnd)
        {
            return false;
        }

        part = Part.Complete;
        return true;
    }

    private void StartHead()
    {
        part = Part.Status;
        (contentLength, remaining, chunked, JsonBytes) = (-1, 0, false, null);
    }

    private int TakeBody(ReadOnlySpan<byte> rest)
    {
        var take = part == Part.UntilEnd ? rest.Length : (int)Math.Min(remaining, rest.Length);
        if (keepBody && !Keep(rest[..take]))
        {
            part = Part.Malformed;
            return take;
        }

        remaining -= take;
        if (part != Part.UntilEnd && remaining == 0)
        {
            part = part == Part.Chunk ? Part.ChunkEnd : Part.Complete;
        }

        return take;
    }

    private bool Keep(ReadOnlySpan<byte> bytes)
    {
        if (bodyLength + (long)bytes.Length > LongestBody)
        {
            return false;
        }

        if (bodyLength + bytes.Length > body.Length)
        {
            Array.Resize(ref body, Math.Max(2 * body.Length, bodyLength + bytes.Length));
        }

        bytes.CopyTo(body.AsSpan(bodyLength));
        bodyLength += bytes.Length;
        return true;
    }

    private int TakeLine(ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf((byte)'\n');
        var take = end < 0 ? rest.Length : end;
        if (lineLength + take > LongestLine)
        {
            part = Part.Malformed;
            return take;
        }

        rest[..take].CopyTo(line.AsSpan(lineLength));
        lineLength += take;
        if (end < 0)
        {
            return take;
        }

        ReadOnlySpan<byte> whole = line.AsSpan(0, lineLength);
        lineLength = 0;
        part = Next(whole.EndsWith("\r"u8) ? whole[..^1] : whole);
        return take + 1;
    }

    /// <summary>What comes after a line.</summary>
    private Part Next(ReadOnlySpan<byte> text) => part switch
    {
        Part.Status => ReadStatus(text) ? Part.Header : Part.Malformed,
        Part.Header => text.IsEmpty ? AfterHead() : ReadHeader(text) ? Part.Header : Part.Malformed,
        Part.ChunkSize => ReadChunkSize(text),
        Part.ChunkEnd => text.IsEmpty ? Part.ChunkSize : Part.Malformed,
        _ => text.IsEmpty ? Part.Complete : Part.Trailer,
    };

    /// <summary><c>HTTP/1.1 200 OK</c>.</summary>
    private bool ReadStatus(ReadOnlySpan<byte> text)
    {
        if (text.Length < 12 || !text.StartsWith("HTTP/1."u8) || text[7] is not ((byte)'0' or (byte)'1') || text[8] != ' '
            || (text.Length > 12 && text[12] != ' ') || !Utf8Parser.TryParse(text.Slice(9, 3), out int status, out var used) || used != 3 || status < 100)
        {
            return false;
        }

        Status = status;
        KeepAlive = text[7] == '1';
        return true;
    }

    private bool ReadHeader(ReadOnlySpan<byte> text)
    {
        var colon = text.IndexOf((byte)':');
        if (colon <= 0)
        {
            return false;
        }

        var name = text[..colon];
        var value = text[(colon + 1)..].Trim(" \t"u8);
        if (Ascii.EqualsIgnoreCase(name, "Content-Length"u8))
        {
            var known = Utf8Parser.TryParse(value, out long length, out var used) && used == value.Length && length >= 0 && (contentLength < 0 || contentLength == length);
            contentLength = length;
            return known;
        }

        if (Ascii.EqualsIgnoreCase(name, "Transfer-Encoding"u8))
        {
            chunked = Ascii.EqualsIgnoreCase(value, "chunked"u8);
            return chunked;
        }

        if (Ascii.EqualsIgnoreCase(name, "Inference-Header-Content-Length"u8))
        {
            var known = Utf8Parser.TryParse(value, out int length, out var used) && used == value.Length && length >= 0;
            JsonBytes = length;
            return known;
        }

        if (Ascii.EqualsIgnoreCase(name, "Connection"u8))
        {
            KeepAlive = !Ascii.EqualsIgnoreCase(value, "close"u8) && (KeepAlive || Ascii.EqualsIgnoreCase(value, "keep-alive"u8));
        }

        return true;
    }

    private Part AfterHead()
    {
        if (Status is >= 100 and < 200)
        {
            // An interim response: the final one follows.
            StartHead();
            return Part.Status;
        }

        if (Status is 204 or 304)
        {
            return Part.Complete;
        }

        if (chunked)
        {
            return Part.ChunkSize;
        }

        if (contentLength >= 0)
        {
            remaining = contentLength;
            return contentLength == 0 ? Part.Complete : Part.Body;
        }

        KeepAlive = false;
        return Part.UntilEnd;
    }

    private Part ReadChunkSize(ReadOnlySpan<byte> text)
    {
        var extension = text.IndexOf((byte)';');
        var digits = (extension < 0 ? text : text[..extension]).Trim(" \t"u8);
        if (digits.IsEmpty || !Utf8Parser.TryParse(digits, out long size, out var used, 'x') || used != digits.Length || size < 0)
        {
            return Part.Malformed;
        }

        remaining = size;
        return size == 0 ? Part.Trailer : Part.Chunk;
    }
}
