using Rectune.Core.Formats;

namespace Rectune.Cli;

/// <summary><c>rectune propose</c>: plans again beside a server, in a process that takes only what the server leaves. Not for people: a request on standard input, a plan on standard output.</summary>
internal static class ProposeCommand
{
    public const string Name = "propose";

    public static CommandDescription Create() => new()
    {
        Name = Name,
        Summary = "Plan again as standard input asks for; started by apply --replan.",
        Examples = [],
        Hidden = true,
        Run = Run,
    };

    private static int Run(Invocation invocation)
    {
        var request = RecordText.Read<ProposalRequest>(Console.In.ReadLine() ?? "", "standard input");
        invocation.Wiring.Output.Write(PlanFormat.Write(PlanProposal.Of(request, invocation.Wiring.Time, invocation.Cancellation)));
        invocation.Wiring.Output.Flush();
        return ExitCodes.Done;
    }
}
