using System.CommandLine;

namespace Rectune.Cli;

/// <summary>One run of a command.</summary>
internal sealed class Invocation(ParseResult parsed, Terminal terminal, Wiring wiring, SettingValues values)
{
    public Terminal Terminal { get; } = terminal;

    public Wiring Wiring { get; } = wiring;

    /// <summary>The command's settings.</summary>
    public SettingValues Values { get; } = values;

    /// <summary>Ends when the user interrupts.</summary>
    public CancellationToken Cancellation => Wiring.Cancellation;

    /// <summary>The value of a positional argument.</summary>
    public T Argument<T>(Argument<T> argument) => parsed.GetRequiredValue(argument);
}
