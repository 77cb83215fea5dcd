namespace Rectune.Core.Formats;

/// <summary>A text with the name of the file it came from; turns an offset into <c>file(line,col)</c>, both counted from 1.</summary>
public sealed class InputText
{
    private readonly List<int> lineStarts = [0];
    private readonly int firstLine;

    /// <param name="fileName">Shown in messages; nothing is opened.</param>
    /// <param name="text">The whole text, or one line of a file.</param>
    /// <param name="firstLine">Line number of the first line of <paramref name="text"/> in its file.</param>
    public InputText(string fileName, string text, int firstLine = 1)
    {
        ArgumentNullException.ThrowIfNull(fileName);
        ArgumentNullException.ThrowIfNull(text);
        FileName = fileName;
        Text = text;
        this.firstLine = firstLine;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n')
            {
                lineStarts.Add(i + 1);
            }
        }
    }

    public string FileName { get; }

    public string Text { get; }

    /// <summary><c>file(line,col)</c>, followed by <c>: $.path</c> when a path is given.</summary>
    public string Where(int offset, string? path = null)
    {
        var index = lineStarts.BinarySearch(offset);
        var line = index >= 0 ? index : ~index - 1;
        var place = $"{FileName}({firstLine + line},{offset - lineStarts[line] + 1})";
        return path is null ? place : $"{place}: {path}";
    }
}
