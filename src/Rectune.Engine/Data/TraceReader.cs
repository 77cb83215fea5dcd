using System.Buffers;
using Rectune.Core.Domain;

namespace Rectune.Engine.Data;

/// <summary>
/// Reads an access trace as a stream: ids of one table as decimal whole numbers, one a line or several with blanks between them. Memory does not grow with the file.
/// </summary>
public sealed class TraceReader : IDisposable
{
    /// <summary>An id has at most 19 digits; this many bytes without a blank are another kind of file.</summary>
    private const int BufferBytes = 256 * 1024;

    private static readonly SearchValues<byte> Blanks = SearchValues.Create(" \t\r\n"u8);
    private static readonly string Expected = $"expected a whole number from 0 to {long.MaxValue}";

    private readonly HashedInput input;
    private readonly TextProblems problems;
    private long line = 1;

    /// <summary>Column of the first byte that waits.</summary>
    private long column = 1;

    /// <param name="stream">Read to its end; not disposed of.</param>
    /// <param name="name">The file's name for messages.</param>
    public TraceReader(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        input = new HashedInput(stream, BufferBytes);
        problems = new TextProblems(name);
    }

    /// <summary>Ids read so far.</summary>
    public long Ids { get; private set; }

    /// <summary>SHA-256 of the whole file, lower-case hexadecimal; known once <see cref="Read"/> has returned false.</summary>
    public string? Sha256 => input.Sha256;

    /// <summary>Reads the next id; false at the end of the file.</summary>
    /// <exception cref="InvalidInputException">
    /// The file is malformed or has no id. After the first problem the rest is read only for further problems, up to <see cref="TextProblems.Most"/>.
    /// </exception>
    public bool Read(out long id)
    {
        while (NextWord(out var length))
        {
            var word = input.Waiting[..length];
            var good = TryId(word, out id);
            if (!good)
            {
                Report($"found '{CriteoField.Show(word)}', {Expected}");
            }
            else if (Ids == int.MaxValue)
            {
                Report($"found more ids, expected at most {int.MaxValue}: shorten the trace");
                throw problems.Thrown();
            }

            input.Take(length);
            column += length;
            if (good && problems.None)
            {
                Ids++;
                return true;
            }

            if (problems.Full)
            {
                throw problems.Thrown();
            }
        }

        if (Ids == 0 && problems.None)
        {
            Report($"found no id, {Expected}");
        }

        if (!problems.None)
        {
            throw problems.Thrown();
        }

        id = 0;
        return false;
    }

    public void Dispose() => input.Dispose();

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

    /// <summary>Steps to the next word, whole and in front of the input; false at the end of the file.</summary>
    private bool NextWord(out int length)
    {
        while (true)
        {
            SkipBlanks();
            length = input.Waiting.IndexOfAny(Blanks);
            if (length >= 0)
            {
                return true;
            }

            if (input.Ended)
            {
                length = input.Waiting.Length;
                return length > 0;
            }

            if (!input.TryRead())
            {
                Report($"found a word of more than {BufferBytes} bytes, {Expected}");
                throw problems.Thrown();
            }
        }
    }

    private void SkipBlanks()
    {
        var blanks = input.Waiting;
        var end = blanks.IndexOfAnyExcept(Blanks);
        blanks = end < 0 ? blanks : blanks[..end];
        foreach (var blank in blanks)
        {
            line += blank == '\n' ? 1 : 0;
            column = blank == '\n' ? 1 : column + 1;
        }

        input.Take(blanks.Length);
    }

    private void Report(string what) => problems.Add(line, column, what);
}
