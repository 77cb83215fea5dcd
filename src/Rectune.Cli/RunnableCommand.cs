using System.CommandLine;

namespace Rectune.Cli;

/// <summary>A described command on the command line: its options, its action, its examples.</summary>
internal sealed class RunnableCommand : Command
{
    private readonly CommandDescription description;
    private readonly Dictionary<Setting, Option> options = [];
    private readonly Option<bool>? showConfig;

    public RunnableCommand(CommandDescription description, Wiring wiring, GlobalOptions global)
        : base(description.Name, description.Summary)
    {
        this.description = description;
        Hidden = description.Hidden;
        foreach (var argument in description.Arguments)
        {
            Add(argument);
        }

        foreach (var setting in description.Settings)
        {
            // The settings file is shared: what any command knows, every command accepts in it.
            wiring.Settings[setting.Key] = setting;
            options[setting] = OptionOf(setting);
            Add(options[setting]);
        }

        if (description.Settings.Count > 0)
        {
            showConfig = new Option<bool>("--show-config") { Description = "Print every setting with its value and source, and stop", Arity = ArgumentArity.Zero };
            Add(showConfig);
        }

        SetAction(parsed => Run(parsed, wiring, global.Terminal(parsed, wiring)));
    }

    public IReadOnlyList<string> Examples => description.Examples;

    private static Option OptionOf(Setting setting)
    {
        var note = setting.Default is { } text && setting.Metavar is not null ? $" [default: {text}]"
            : setting.Otherwise is { } otherwise ? $" [default: {otherwise}]"
            : setting.Required ? " (required)"
            : "";
        if (setting.Metavar is null)
        {
            return new Option<bool>(setting.Flag) { Description = setting.Description + note, Arity = ArgumentArity.Zero };
        }

        // Every occurrence is taken here, so that a repeated flag is reported together with everything else that is wrong.
        var option = new Option<string[]>(setting.Flag) { Description = setting.Description + note, HelpName = setting.Metavar, Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = setting.Many };
        option.CompletionSources.Add([.. setting.Suggestions]);
        return option;
    }

    private int Run(ParseResult parsed, Wiring wiring, Terminal terminal)
    {
        try
        {
            var sources = new ConfigurationSources(wiring.Environment, wiring.Folder, wiring.Settings.Values);
            var show = showConfig is not null && parsed.GetValue(showConfig);
            var values = description.Settings.Count == 0
                ? new SettingValues([])
                : sources.Resolve(description.Settings, setting => Given(parsed, setting), allowMissing: show);
            foreach (var misspelt in description.Settings.Count == 0 ? [] : sources.Misspelt())
            {
                terminal.Warning(misspelt);
            }

            if (show)
            {
                ConfigurationView.Of(values).Show(terminal);
                return ExitCodes.Done;
            }

            return description.Run(new Invocation(parsed, terminal, wiring, values));
        }
        catch (Exception e)
        {
            return Failure.Report(e, terminal);
        }
    }

    private string[] Given(ParseResult parsed, Setting setting)
    {
        var option = options[setting];
        if (parsed.GetResult(option) is not { Implicit: false } result)
        {
            return [];
        }

        return setting.Metavar is null ? ["true"] : [.. result.Tokens.Select(t => t.Value)];
    }
}
