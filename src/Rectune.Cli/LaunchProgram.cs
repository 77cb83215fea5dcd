using System.Diagnostics;
using System.Reflection;

namespace Rectune.Cli;

/// <summary>How this program is started once more.</summary>
/// <param name="File">The executable.</param>
/// <param name="Arguments">What comes before the command.</param>
internal sealed record LaunchProgram(string File, IReadOnlyList<string> Arguments)
{
    /// <summary>The running program; null where another one hosts it.</summary>
    public static LaunchProgram? Own()
    {
        var own = Assembly.GetExecutingAssembly().Location;
        var name = Path.GetFileNameWithoutExtension(Environment.ProcessPath);
        return name == Path.GetFileNameWithoutExtension(own) ? new LaunchProgram(Environment.ProcessPath!, [])
            : name == "dotnet" && Assembly.GetEntryAssembly() == Assembly.GetExecutingAssembly() ? new LaunchProgram(Environment.ProcessPath!, [own])
            : null;
    }

    public ProcessStartInfo StartInfo(string command) => new(File, [.. Arguments, command])
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };
}
