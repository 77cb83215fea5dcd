using Rectune.Cli;
using Rectune.Core.Domain;
using Rectune.Tests.Fakes;
using Spectre.Console;
using Xunit;

namespace Rectune.Tests.Cli;

public sealed class TerminalTests : IDisposable
{
    private readonly StringWriter output = new() { NewLine = "\n" };
    private readonly StringWriter error = new() { NewLine = "\n" };

    public void Dispose()
    {
        output.Dispose();
        error.Dispose();
    }

    [Fact]
    public void Json_Result_StandsAloneOnTheOutput()
    {
        Speak(new TerminalStyle { Json = true });
        Assert.Equal("{\n  \"percentile\": 99,\n  \"limitMs\": 20\n}\n", output.ToString());
        Assert.Equal("message\nwarning: careful\nerror: bad\n", error.ToString());
    }

    [Fact]
    public void Text_Result_HasNoJsonAndNoBlanksAtLineEnds()
    {
        Speak(new TerminalStyle { Verbose = true });
        Assert.Equal("line\na    b\n[x]  y\n", output.ToString());
        Assert.Equal("message\ndetail\nwarning: careful\nerror: bad\n", error.ToString());
    }

    [Fact]
    public void Quiet_LeavesResultsWarningsAndErrors()
    {
        Speak(new TerminalStyle { Quiet = true });
        Assert.StartsWith("line\n", output.ToString(), StringComparison.Ordinal);
        Assert.Equal("warning: careful\nerror: bad\n", error.ToString());
    }

    [Fact]
    public void Progress_OnATerminal_IsReplacedAndRemovedBeforeOtherText()
    {
        var terminal = new Terminal(output, error, new TerminalStyle { LiveProgress = true, Width = 10 }, TimeProvider.System);
        terminal.Progress("one");
        terminal.Progress("a longer line than fits");
        terminal.Result("result");
        terminal.EndProgress();
        Assert.Equal("\r\u001b[2Kone\r\u001b[2Ka longer \r\u001b[2K", error.ToString());
        Assert.Equal("result\n", output.ToString());
    }

    [Fact]
    public void Progress_InALog_IsRepeatedEveryTenSeconds()
    {
        var clock = new SteppedClock();
        var terminal = new Terminal(output, error, new TerminalStyle(), clock);
        for (var second = 0; second <= 21; second++)
        {
            clock.Now = second;
            terminal.Progress($"at {second}");
        }

        Assert.Equal("at 0\nat 10\nat 20\n", error.ToString());
    }

    [Theory]
    [InlineData(true, null, null, true, true)]
    [InlineData(false, null, null, false, false)]
    [InlineData(true, "1", null, false, true)]
    [InlineData(true, "", null, true, true)]
    [InlineData(true, null, "dumb", false, false)]
    public void Style_Colour_NeedsATerminalThatWantsIt(bool isTerminal, string? noColor, string? term, bool color, bool live)
    {
        using var wiring = new RecordingWiring { IsTerminal = isTerminal };
        if (noColor is not null)
        {
            wiring.Environment["NO_COLOR"] = noColor;
        }

        if (term is not null)
        {
            wiring.Environment["TERM"] = term;
        }

        var style = wiring.Build().Style(json: false, quiet: false, verbose: false);
        Assert.Equal((color, live), (style.Color, style.LiveProgress));
    }

    [Fact]
    public void Table_WithColour_UsesEscapesAndWithoutDoesNot()
    {
        new Terminal(output, error, new TerminalStyle { Color = true }, TimeProvider.System).Result(Terminal.Table("a"));
        Assert.Contains('\u001b', output.ToString());
    }

    private void Speak(TerminalStyle style)
    {
        var terminal = new Terminal(output, error, style, TimeProvider.System);
        terminal.Result("line");
        terminal.Json(new Sla { Percentile = 99, LimitMs = 20 });
        var table = Terminal.Table("a", "b");
        table.AddRow(new Text("[x]"), new Text("y"));
        terminal.Result(table);
        terminal.Message("message");
        terminal.Detail("detail");
        terminal.Warning("careful");
        terminal.Error("bad");
    }

    private sealed class SteppedClock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 7;

        public override long GetTimestamp() => Now * 7;
    }
}
