using Rectune.Cli;
using Rectune.Core.Domain;
using Xunit;

namespace Rectune.Tests.Cli;

public sealed class FailureTests
{
    public static TheoryData<Exception, int, string> Exceptions => new()
    {
        { new InvalidInputException([new InputProblem("--a", "wrong"), new InputProblem("f(1,2): $.b", "worse", "mend it")]), 2, "error: --a: wrong\nerror: f(1,2): $.b: worse; mend it\n" },
        { new MissingResourceException("x is missing.", "Install x."), 3, "error: x is missing. Install x.\n" },
        {
            new NoFeasiblePlanException(new Infeasibility { Binding = "memory", Needed = "2GiB", Available = "1GiB", Advice = "Take int8." }), 10,
            "error: No feasible plan: memory binds. Needed 2GiB, available 1GiB. Take int8.\n"
        },
        { new StalePlanException("made elsewhere"), 12, "error: made elsewhere\n" },
        { new OperationCanceledException(), 130, "error: interrupted\n" },
        { new AggregateException(new TaskCanceledException()), 130, "error: interrupted\n" },
    };

    [Theory]
    [MemberData(nameof(Exceptions))]
    public void Report_KnownException_HasItsCodeAndNoStackTrace(Exception exception, int code, string text)
    {
        using var error = new StringWriter { NewLine = "\n" };
        Assert.Equal(code, Failure.Report(exception, new Terminal(TextWriter.Null, error, new TerminalStyle { Quiet = true }, TimeProvider.System)));
        Assert.Equal(text, error.ToString());
    }

    [Fact]
    public void Report_AnythingElse_IsABugWithItsStackTrace()
    {
        using var error = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal(TextWriter.Null, error, new TerminalStyle(), TimeProvider.System);
        try
        {
            throw new InvalidOperationException("boom");
        }
        catch (InvalidOperationException e)
        {
            Assert.Equal(ExitCodes.Bug, Failure.Report(e, terminal));
        }

        Assert.Contains("boom", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(nameof(Report_AnythingElse_IsABugWithItsStackTrace), error.ToString(), StringComparison.Ordinal);
    }
}
