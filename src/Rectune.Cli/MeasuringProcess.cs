using System.Diagnostics;
using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Engine.Profiling;

namespace Rectune.Cli;

/// <summary>One process that measures, from its start to its end, however it ends.</summary>
internal sealed class MeasuringProcess : IDisposable
{
    /// <summary>Exit codes above are 128 and the signal that ended the process.</summary>
    private const int SignalBase = 128;

    private const int Killed = 9;

    private const int LinesKept = 20;

    /// <summary>How long a process may take to hand over what it has after it was told to end.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly LaunchRequest request;
    private readonly IMeasurementSink sink;
    private readonly IProgress<ProfilingProgress> progress;
    private readonly UnderWayNote note;
    private readonly Process process;
    private readonly Queue<string> complaints = new();
    private readonly HashSet<(string Path, int Batch)> measured = [];
    private readonly HashSet<Configuration> failed = [];
    private bool done;

    public MeasuringProcess(LaunchRequest request, LaunchProgram program, IMeasurementSink sink, IProgress<ProfilingProgress> progress)
    {
        this.request = request;
        this.sink = sink;
        this.progress = progress;
        note = new UnderWayNote(request.UnderWayFile) { Value = -1 };
        process = new Process { StartInfo = program.StartInfo(LaunchCommand.Name) };

        // Code is compiled once and at its best: a compiler that improves it in the background takes the cores of what is measured for as long as such a process lives.
        process.StartInfo.Environment["DOTNET_TieredCompilation"] = "0";
    }

    /// <summary>Configurations that cannot be measured; the sink has heard of them.</summary>
    public IReadOnlyCollection<Configuration> Failed => failed;

    public bool HasMeasured(Configuration configuration, int batch) => measured.Contains((configuration.Id(), batch));

    /// <summary>Runs it; false where a path ended it before all was measured.</summary>
    /// <exception cref="MissingResourceException">It ended before it came to any path.</exception>
    public bool Run(CancellationToken cancellation)
    {
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        process.BeginErrorReadLine();
        using var toldToEnd = cancellation.Register(End);
        Ask();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            Take(line);
        }

        process.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        if (!done)
        {
            Blame();
        }

        return done;
    }

    public void Dispose()
    {
        // Still there only where reading its answers failed.
        Kill();
        process.Dispose();
        note.Dispose();
    }

    private void Ask()
    {
        try
        {
            process.StandardInput.WriteLine(RecordText.WriteLine(request));
            process.StandardInput.Flush();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It has ended already, and its exit code says why; or it was told to end meanwhile.
        }
    }

    /// <summary>The end of its standard input asks it to hand over what it has; it is given some time for that.</summary>
    private void End()
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            return;
        }

        _ = Task.Delay(Patience).ContinueWith(_ => Kill(), TaskScheduler.Default);
    }

    private void Kill()
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

    private void Take(string line)
    {
        LaunchEvent said;
        try
        {
            said = RecordText.Read<LaunchEvent>(line, "a measuring process");
        }
        catch (InvalidInputException) when (!done)
        {
            // A process that is killed while it writes ends within a line.
            return;
        }

        if (said.Row is { } row)
        {
            measured.Add((row.Key.Configuration.Id(), row.Key.Batch));
            sink.Measured(row);
        }
        else if (said.Failed is { } index)
        {
            Fail(request.Configurations[index], said.Why ?? "it did not say why");
        }
        else if (said.Stage is { } stage)
        {
            progress.Report(new ProfilingProgress(stage, said.Settled ?? 0, request.Configurations.Count * request.Batches.Count, said.RemainingSeconds));
        }

        done |= said.Done == true;
    }

    private void Blame()
    {
        var why = process.ExitCode switch
        {
            SignalBase + Killed => "its process was killed, most likely because memory ran out",
            > SignalBase => string.Create(CultureInfo.InvariantCulture, $"its process crashed (signal {process.ExitCode - SignalBase}){Complaint()}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"its process ended with exit code {process.ExitCode}{Complaint()}"),
        };
        var index = note.Value & ~UnderWayNote.Rows;
        if (note.Value < 0 || index >= request.Configurations.Count)
        {
            throw new MissingResourceException($"A measuring process ended before it could measure anything: {why}.", "See the reason; rectune doctor checks the machine.");
        }

        var culprit = request.Configurations[index];
        foreach (var configuration in request.Configurations.Where(c => c == culprit || ((note.Value & UnderWayNote.Rows) != 0 && SharesRows(c, culprit))))
        {
            Fail(configuration, why);
        }
    }

    private static bool SharesRows(Configuration one, Configuration other) =>
        one.Representation == other.Representation && one.TablePrecision == other.TablePrecision && one.Placement == other.Placement;

    private void Fail(Configuration configuration, string why)
    {
        failed.Add(configuration);
        sink.Failed(configuration, why);
    }

    private void Keep(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        lock (complaints)
        {
            if (complaints.Count < LinesKept)
            {
                complaints.Enqueue(line.Trim());
            }
        }
    }

    private string Complaint()
    {
        lock (complaints)
        {
            return complaints.Count == 0 ? "" : ": " + complaints.First();
        }
    }
}
