using Rectune.Core.Domain;

namespace Rectune.Cli;

/// <summary>Turns an exception into a message and an exit code.</summary>
internal static class Failure
{
    public static int Report(Exception exception, Terminal terminal)
    {
        switch (Innermost(exception))
        {
            case InvalidInputException input:
                foreach (var problem in input.Problems)
                {
                    terminal.Error(problem.ToString());
                }

                return ExitCodes.Input;
            case MissingResourceException missing:
                terminal.Error(missing.Message);
                return ExitCodes.Environment;
            case NoFeasiblePlanException infeasible:
                terminal.Error(infeasible.Message);
                return ExitCodes.Infeasible;
            case StalePlanException stale:
                terminal.Error(stale.Message);
                return ExitCodes.Stale;
            case OperationCanceledException:
                terminal.Error("interrupted");
                return ExitCodes.Interrupted;
            case var bug:
                terminal.Error($"this is a bug in rectune {Engine.Hardware.MachineDetector.RectuneVersion()}; please report it with what follows\n{bug}");
                return ExitCodes.Bug;
        }
    }

    private static Exception Innermost(Exception exception) =>
        exception is AggregateException { InnerExceptions.Count: 1 } aggregate ? Innermost(aggregate.InnerExceptions[0]) : exception;
}
