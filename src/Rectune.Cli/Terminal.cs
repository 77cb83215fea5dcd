using Rectune.Core.Formats;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Rectune.Cli;

/// <summary>The two streams of the program: the result on one, everything said about it on the other. Safe for concurrent use.</summary>
internal sealed class Terminal(TextWriter output, TextWriter error, TerminalStyle style, TimeProvider time)
{
    /// <summary>How often a progress line is repeated where it cannot be rewritten, as in a log.</summary>
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private bool lineOpen;
    private long? lastProgress;

    public TerminalStyle Style { get; } = style;

    /// <summary>A line of the result; nothing when the result is JSON.</summary>
    public void Result(string text)
    {
        if (!Style.Json)
        {
            WithoutProgress(() => output.WriteLine(text));
        }
    }

    /// <summary>A table or other rendering as part of the result; nothing when the result is JSON.</summary>
    public void Result(IRenderable content)
    {
        if (!Style.Json)
        {
            WithoutProgress(() => output.Write(Render(content)));
        }
    }

    /// <summary>The result as a JSON document; nothing unless asked for with <c>--json</c>.</summary>
    public void Json<T>(T record)
        where T : class
    {
        if (Style.Json)
        {
            WithoutProgress(() => output.Write(RecordText.Write(record)));
        }
    }

    /// <summary>The result as given text; for texts that are the result in every style.</summary>
    public void Raw(string text) => WithoutProgress(() => output.Write(text));

    public void Message(string text)
    {
        if (!Style.Quiet)
        {
            WithoutProgress(() => error.WriteLine(text));
        }
    }

    /// <summary>A message for those who asked for more.</summary>
    public void Detail(string text)
    {
        if (Style.Verbose)
        {
            WithoutProgress(() => error.WriteLine(text));
        }
    }

    public void Warning(string text) => WithoutProgress(() => error.WriteLine("warning: " + text));

    public void Error(string text) => WithoutProgress(() => error.WriteLine("error: " + text));

    /// <summary>Where the work stands; replaces the previous such line, or is repeated every ten seconds where lines cannot be replaced.</summary>
    public void Progress(string text)
    {
        if (Style.Quiet)
        {
            return;
        }

        lock (gate)
        {
            if (Style.LiveProgress)
            {
                error.Write($"\r\u001b[2K{(text.Length < Style.Width ? text : text[..(Style.Width - 1)])}");
                lineOpen = true;
            }
            else if (lastProgress is not { } last || time.GetElapsedTime(last) >= ProgressEvery)
            {
                error.WriteLine(text);
                lastProgress = time.GetTimestamp();
            }
        }
    }

    /// <summary>Removes the progress line.</summary>
    public void EndProgress() => WithoutProgress(() => { });

    /// <summary>A table with plain columns; cells are shown as they are, without markup.</summary>
    public static Table Table(params IEnumerable<string> headers)
    {
        var table = new Table().NoBorder();
        foreach (var header in headers)
        {
            table.AddColumn(new TableColumn(new Text(header, new Style(decoration: Decoration.Bold))).PadLeft(0).PadRight(2));
        }

        return table;
    }

    /// <summary>Adds a row of cells that are shown as they are.</summary>
    public static void Row(Table table, params IEnumerable<string> cells)
    {
        ArgumentNullException.ThrowIfNull(table);
        table.AddRow(cells.Select(cell => new Text(cell)));
    }

    private void WithoutProgress(Action write)
    {
        lock (gate)
        {
            if (lineOpen)
            {
                error.Write("\r\u001b[2K");
                lineOpen = false;
            }

            write();
        }
    }

    /// <summary>The content as text, without the blanks that pad its last column.</summary>
    private string Render(IRenderable content)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = Style.Color ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = Style.Color ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = Style.Width;
        console.Write(content);
        return string.Join('\n', text.ToString().Split('\n').Select(line => line.TrimEnd(' ', '\r')));
    }
}
