using System.Text;

namespace Rectune.Cli;

/// <summary>
/// Something a user may set, declared once: <c>--memory-max</c> on the command line, <c>RECTUNE_MEMORY_MAX</c> in the environment, <c>"memoryMax"</c> in
/// <c>rectune.json</c>.
/// </summary>
internal abstract class Setting
{
    /// <summary>In words joined by dashes: <c>memory-max</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What stands for the value in help: <c>SIZE</c>; null for a switch.</summary>
    public string? Metavar { get; init; }

    public required string Description { get; init; }

    /// <summary>Text of the built-in value, read like any other; null when there is none.</summary>
    public string? Default { get; init; }

    /// <summary>What holds without a value, in words: <c>what the machine has</c>.</summary>
    public string? Otherwise { get; init; }

    /// <summary>The command cannot run without it.</summary>
    public bool Required { get; init; }

    /// <summary>May be given several times; values are joined by commas.</summary>
    public bool Many { get; init; }

    /// <summary>Values offered by completion.</summary>
    public IReadOnlyList<string> Suggestions { get; init; } = [];

    public string Flag => "--" + Name;

    public string Variable => "RECTUNE_" + Name.Replace('-', '_').ToUpperInvariant();

    public string Key
    {
        get
        {
            var key = new StringBuilder(Name.Length);
            var upper = false;
            foreach (var c in Name)
            {
                if (c != '-')
                {
                    key.Append(upper ? char.ToUpperInvariant(c) : c);
                }

                upper = c == '-';
            }

            return key.ToString();
        }
    }

    /// <summary>Reads a text; returns what is wrong with it.</summary>
    public abstract IReadOnlyList<string> Read(string text, out object? value);
}
