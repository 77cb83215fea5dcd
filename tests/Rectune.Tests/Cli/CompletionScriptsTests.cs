using System.Diagnostics;
using Rectune.Cli;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Cli;

public sealed class CompletionScriptsTests : IDisposable
{
    private readonly RecordingWiring wiring = new();

    public void Dispose() => wiring.Dispose();

    [Fact]
    public void Completion_EachShell_PrintsItsScript() =>
        Assert.All(CompletionScripts.Shells, shell =>
        {
            using var own = new RecordingWiring();
            Assert.Equal(ExitCodes.Done, own.Run("completion", shell));
            Assert.Contains("[suggest:", own.Output, StringComparison.Ordinal);
            Assert.Equal("", own.Error);
        });

    [Fact]
    public void Bash_Script_IsValid()
    {
        wiring.Write("completion.bash", CompletionScripts.For("bash"));
        Assert.Equal((0, ""), Bash("bash -n completion.bash"));
    }

    /// <summary>The script asks the program as it was typed, sends the line under the program's own name, and offers what begins like the word.</summary>
    [Fact]
    public void Bash_Completing_AsksTheProgramWithTheCursorMoved()
    {
        wiring.Write("completion.bash", CompletionScripts.For("bash"));
        wiring.Write("rectune", "#!/bin/bash\nprintf '%s|%s' \"$1\" \"$2\" > asked\nprintf 'plan\\nplot\\nmodels\\n'\n");
        var (code, offered) = Bash(
            "chmod +x rectune && source completion.bash && COMP_LINE='./rectune pl' COMP_POINT=12 COMP_WORDS=(./rectune pl) COMP_CWORD=1 && _rectune_complete && printf '%s,' \"${COMPREPLY[@]}\"");
        Assert.Equal((0, "plan,plot,"), (code, offered));
        Assert.Equal("[suggest:10]|rectune pl", File.ReadAllText(Path.Combine(wiring.Folder, "asked")));
    }

    private (int Code, string Output) Bash(string command)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", command])
        {
            WorkingDirectory = wiring.Folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
