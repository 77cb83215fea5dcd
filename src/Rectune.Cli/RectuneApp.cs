using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Rectune.Cli;

/// <summary>The tree of commands and one run through it.</summary>
internal static class RectuneApp
{
    public const string Name = "rectune";

    public static IReadOnlyList<string> Examples { get; } = ["rectune plan --model dlrm --sla p99=20ms", "rectune apply plan.json"];

    /// <summary>Every command, in the order of help.</summary>
    private static IReadOnlyList<CommandDescription> Commands(Wiring wiring) =>
    [
        PlanCommand.Create(),
        ProfileCommand.Create(),
        ApplyCommand.Create(),
        VerifyCommand.Create(),
        BenchCommand.Create(),
        SimulateCommand.Create(),
        ExplainCommand.Create(),
        DiffCommand.Create(),
        ModelsCommand.Create(),
        SpacesCommand.Create(),
        DevicesCommand.Create(),
        DoctorCommand.Create(wiring),
        CompletionCommand.Create(),
        LaunchCommand.Create(),
        ProposeCommand.Create(),
    ];

    /// <summary>Parses and runs; returns the exit code.</summary>
    public static int Run(IReadOnlyList<string> arguments, Wiring wiring)
    {
        try
        {
            var global = new GlobalOptions();
            return Run(Root(wiring, global), arguments, wiring, global);
        }
        catch (Exception e)
        {
            // Commands report their own failures; what arrives here went wrong around them.
            return Failure.Report(e, new Terminal(wiring.Output, wiring.Error, new TerminalStyle(), wiring.Time));
        }
    }

    /// <summary>As above, with a tree of one's own.</summary>
    public static int Run(RootCommand root, IReadOnlyList<string> arguments, Wiring wiring, GlobalOptions global)
    {
        var parsed = root.Parse(arguments, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            var terminal = global.Terminal(parsed, wiring);
            foreach (var problem in UsageProblems.Of(parsed))
            {
                terminal.Error(problem.ToString());
            }

            return ExitCodes.Input;
        }

        return parsed.Invoke(new InvocationConfiguration
        {
            Output = wiring.Output,
            Error = wiring.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        });
    }

    private static RootCommand Root(Wiring wiring, GlobalOptions global)
    {
        var root = new RootCommand("Tunes and plans the deployment of deep recommendation models on the machine it runs on.");
        if (root.Name != Name)
        {
            // Completion sends whole lines; they begin with this word, whatever the program's file is called.
            root.Aliases.Add(Name);
        }

        root.Options.Remove(root.Options.OfType<HelpOption>().Single());
        var help = new HelpOption("--help", "-h") { Description = "Show what the command does and how" };
        var layout = (HelpAction)help.Action!;
        layout.MaxWidth = wiring.Columns ?? int.MaxValue;
        help.Action = new HelpWithExamples(layout);
        root.Add(help);
        global.AddTo(root);
        foreach (var description in Commands(wiring))
        {
            root.Add(new RunnableCommand(description, wiring, global));
        }

        return root;
    }
}
