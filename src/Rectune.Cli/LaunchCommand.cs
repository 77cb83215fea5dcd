using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Engine.Profiling;

namespace Rectune.Cli;

/// <summary><c>rectune launch</c>: one of the processes that a measurement is spread over. Not for people: request and answers are lines of JSON.</summary>
internal static class LaunchCommand
{
    public const string Name = "launch";

    /// <summary>Progress lines a second at most: each wakes the process that reads them, on a core that is being measured.</summary>
    private static readonly TimeSpan BetweenProgress = TimeSpan.FromSeconds(1);

    public static CommandDescription Create() => new()
    {
        Name = Name,
        Summary = "Measure what standard input asks for; started by plan and profile.",
        Examples = [],
        Hidden = true,
        Run = Run,
    };

    private static int Run(Invocation invocation)
    {
        var request = RecordText.Read<LaunchRequest>(Console.In.ReadLine() ?? "", "standard input");
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(invocation.Cancellation);
        EndWith(Console.In, ended);
        using var bench = Workbench.ForLaunch(request, ended.Token);
        using var note = new UnderWayNote(request.UnderWayFile);
        var index = request.Configurations.Select((configuration, i) => (configuration, i)).ToDictionary(pair => pair.configuration.Id(), pair => pair.i, StringComparer.Ordinal);
        var said = new Lines(invocation.Wiring.Output, index, invocation.Wiring.Time);
        var settings = new ProfilerSettings { CompareScores = request.CompareScores, Operators = request.Operators };
        var context = new MeasuredContext
        {
            Skew = request.Question.Skew,
            ModelSha256 = request.Question.ModelSha256,
            Weights = request.Question.Weights,
            MachineFingerprint = request.Question.MachineFingerprint,
            RuntimeFingerprint = request.Question.RuntimeFingerprint,
            Launch = request.Launch,
        };
        var profiler = new PathProfiler(
            bench.Graphs, bench.Tables, bench.Pool, context, settings, invocation.Wiring.Time, said, (configuration, rows) => note.Value = index[configuration.Id()] | (rows ? UnderWayNote.Rows : 0));
        profiler.Measure(request.Configurations, request.Batches, request.Seconds, said, ended.Token);
        said.Say(new LaunchEvent { Done = true });
        return ExitCodes.Done;
    }

    /// <summary>Whoever started this process holds its standard input open; when that ends, nobody waits for the answers any more.</summary>
    private static void EndWith(TextReader input, CancellationTokenSource ended)
    {
        var watcher = new Thread(() =>
        {
            while (input.ReadLine() is not null)
            {
            }

            try
            {
                ended.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The process is through already.
            }
        })
        { IsBackground = true, Name = "standard input" };
        watcher.Start();
    }

    private sealed class Lines(TextWriter output, Dictionary<string, int> index, TimeProvider clock) : IMeasurementSink, IProgress<ProfilingProgress>
    {
        private long last;

        public void Measured(MeasurementRow row) => Say(new LaunchEvent { Row = row });

        public void Failed(Configuration configuration, string why) => Say(new LaunchEvent { Failed = index[configuration.Id()], Why = why });

        public void Report(ProfilingProgress value)
        {
            if (last != 0 && clock.GetElapsedTime(last) < BetweenProgress)
            {
                return;
            }

            last = clock.GetTimestamp();
            Say(new LaunchEvent { Stage = value.Stage, Settled = value.Settled, RemainingSeconds = value.RemainingSeconds });
        }

        public void Say(LaunchEvent line)
        {
            output.WriteLine(RecordText.WriteLine(line));
            output.Flush();
        }
    }
}
