namespace Rectune.Cli;

/// <summary>How to speak.</summary>
internal sealed record TerminalStyle
{
    /// <summary>The result is a JSON document; tables and result text are left out.</summary>
    public bool Json { get; init; }

    /// <summary>No messages and no progress; errors and warnings stay.</summary>
    public bool Quiet { get; init; }

    /// <summary>Details as well.</summary>
    public bool Verbose { get; init; }

    /// <summary>Escape sequences for colour in the result.</summary>
    public bool Color { get; init; }

    /// <summary>The progress line is rewritten in place.</summary>
    public bool LiveProgress { get; init; }

    /// <summary>Columns of a table.</summary>
    public int Width { get; init; } = 200;
}
