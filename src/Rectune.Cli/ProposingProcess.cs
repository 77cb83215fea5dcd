using System.ComponentModel;
using System.Diagnostics;
using Rectune.Core.Domain;
using Rectune.Core.Formats;

namespace Rectune.Cli;

/// <summary>Plans again in a process of the lowest priority and with one thread, which leaves a server beside it the machine.</summary>
internal static class ProposingProcess
{
    /// <summary>Runs it to its end.</summary>
    /// <exception cref="MissingResourceException">It cannot be started, or made no plan; the message says why.</exception>
    public static Plan Run(ProposalRequest request, LaunchProgram program, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(program);
        using var process = new Process { StartInfo = Nice(program.StartInfo(ProposeCommand.Name)) };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            throw new MissingResourceException($"No plan can be proposed: {process.StartInfo.FileName} cannot be started: {e.Message}.", $"Plan anew when the machine is free: {PlanProposal.CommandLine(request.Plan)}", e);
        }

        using var toldToEnd = cancellation.Register(() => Kill(process));
        var complaints = process.StandardError.ReadToEndAsync(CancellationToken.None);
        Ask(process, RecordText.WriteLine(request));
        var plan = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        return process.ExitCode == ExitCodes.Done
            ? PlanFormat.Read(plan, "the proposed plan")
            : throw new MissingResourceException($"No plan was made: {Complaint(complaints.GetAwaiter().GetResult(), process.ExitCode)}", "The plan that is served stays.");
    }

    /// <summary>So that it runs when nothing else wants to, from its first thread on.</summary>
    private static ProcessStartInfo Nice(ProcessStartInfo start)
    {
        var niced = new ProcessStartInfo("nice", ["-n", "19", start.FileName, .. start.ArgumentList])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        niced.Environment["DOTNET_PROCESSOR_COUNT"] = "1";
        return niced;
    }

    private static void Ask(Process process, string request)
    {
        try
        {
            process.StandardInput.WriteLine(request);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already, and says why.
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }
    }

    private static string Complaint(string text, int code)
    {
        const string Error = "error: ";
        var line = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault(l => l.StartsWith(Error, StringComparison.Ordinal));
        return line is null ? FormattableString.Invariant($"the planning process ended with exit code {code}") : line[Error.Length..];
    }
}
