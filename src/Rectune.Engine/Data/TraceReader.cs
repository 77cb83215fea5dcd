using System.Buffers;
using System.Security.Cryptography;
using Rectune.Core.Domain;

namespace Rectune.Engine.Data;

/// <summary>
/// Reads an access trace as a stream: ids of one table as decimal whole numbers, one a line or several with blanks between them. Memory does not grow with the file.
/// </summary>
public sealed class TraceReader : IDisposable
{
    /// <summary>Problems reported before reading stops.</summary>
    public const int MaxProblems = 20;

    /// <summary>An id has at most 19 digits; this many bytes without a blank are another kind of file.</summary>
    private const int BufferBytes = 256 * 1024;

    private static readonly SearchValues<byte> Blanks = SearchValues.Create(" \t\r\n"u8);
    private static readonly string Expected = $"expected a whole number from 0 to {long.MaxValue}";

    private readonly Stream stream;
    private readonly string name;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] buffer = new byte[BufferBytes];
    private readonly List<InputProblem> problems = [];
    private int begin;
    private int end;
    private bool streamEnded;
    private long line = 1;

    /// <summary>Column of the byte at <see cref="begin"/>.</summary>
    private long column = 1;

    /// <param name="stream">Read to its end; not disposed of.</param>
    /// <param name="name">The file's name for messages.</param>
    public TraceReader(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        this.stream = stream;
        this.name = name;
    }

    /// <summary>Ids read so far.</summary>
    public long Ids { get; private set; }

    /// <summary>SHA-256 of the whole file, lower-case hexadecimal; known once <see cref="Read"/> has returned false.</summary>
    public string? Sha256 { get; private set; }

    /// <summary>Reads the next id; false at the end of the file.</summary>
    /// <exception cref="InvalidInputException">
    /// The file is malformed or has no id. After the first problem the rest is read only for further problems, up to <see cref="MaxProblems"/>.
    /// </exception>
    public bool Read(out long id)
    {
        while (NextWord(out var length))
        {
            var word = buffer.AsSpan(begin, length);
            var good = TryId(word, out id);
            if (!good)
            {
                Report($"found '{CriteoField.Show(word)}', {Expected}");
            }
            else if (Ids == int.MaxValue)
            {
                Report($"found more ids, expected at most {int.MaxValue}: shorten the trace");
                throw new InvalidInputException(problems);
            }

            begin += length;
            column += length;
            if (good && problems.Count == 0)
            {
                Ids++;
                return true;
            }

            if (problems.Count >= MaxProblems)
            {
                throw new InvalidInputException(problems);
            }
        }

        if (Ids == 0 && problems.Count == 0)
        {
            Report($"found no id, {Expected}");
        }

        if (problems.Count > 0)
        {
            throw new InvalidInputException(problems);
        }

        Sha256 ??= Convert.ToHexStringLower(hash.GetHashAndReset());
        id = 0;
        return false;
    }

    public void Dispose() => hash.Dispose();

    private static bool TryId(ReadOnlySpan<byte> word, out long id)
    {
        id = 0;
        foreach (var letter in word)
        {
            var digit = letter - '0';
            if (digit is < 0 or > 9 || id > (long.MaxValue - digit) / 10)
            {
                return false;
            }

            id = (id * 10) + digit;
        }

        return true;
    }

    /// <summary>Steps to the next word, whole in the buffer from <see cref="begin"/>; false at the end of the file.</summary>
    private bool NextWord(out int length)
    {
        while (true)
        {
            SkipBlanks();
            length = buffer.AsSpan(begin, end - begin).IndexOfAny(Blanks);
            if (length >= 0)
            {
                return true;
            }

            if (streamEnded)
            {
                length = end - begin;
                return length > 0;
            }

            Refill();
        }
    }

    private void SkipBlanks()
    {
        for (; begin < end && Blanks.Contains(buffer[begin]); begin++)
        {
            var ended = buffer[begin] == '\n';
            line += ended ? 1 : 0;
            column = ended ? 1 : column + 1;
        }
    }

    private void Refill()
    {
        buffer.AsSpan(begin, end - begin).CopyTo(buffer);
        end -= begin;
        begin = 0;
        if (end == buffer.Length)
        {
            Report($"found a word of more than {BufferBytes} bytes, {Expected}");
            throw new InvalidInputException(problems);
        }

        var read = stream.Read(buffer, end, buffer.Length - end);
        hash.AppendData(buffer, end, read);
        end += read;
        streamEnded = read == 0;
    }

    private void Report(string what)
    {
        var last = problems.Count == MaxProblems - 1;
        problems.Add(new InputProblem($"{name}({line},{column})", what, last ? $"reading stopped at {MaxProblems} problems" : null));
    }
}
