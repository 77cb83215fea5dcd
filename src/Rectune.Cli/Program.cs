using Rectune.Cli;
using Rectune.Engine.Serving.Http;

var environment = ConfigurationSources.ProcessEnvironment();
SocketCompletions.RunInline(environment);
using var interruption = new Interruption();
return RectuneApp.Run(args, new Wiring
{
    Output = Console.Out,
    Error = Console.Error,
    OutputIsTerminal = !Console.IsOutputRedirected,
    ErrorIsTerminal = !Console.IsErrorRedirected,
    Columns = Console.IsOutputRedirected || Console.WindowWidth < 1 ? null : Console.WindowWidth,
    Environment = environment,
    Folder = Environment.CurrentDirectory,
    Cancellation = interruption.Token,
});
