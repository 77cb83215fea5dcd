using Rectune.Cli;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Planning;
using Rectune.Engine.Profiling;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Cli;

/// <summary>Measuring processes played by a shell script: what they say, and how they end.</summary>
public sealed class LaunchedMeasurerTests : IDisposable
{
    private static readonly int[] Batches = [128];

    private readonly string folder = Directory.CreateTempSubdirectory("rectune-launched").FullName;
    private readonly Sink sink = new();
    private readonly Configuration[] configurations = [.. Enumerable.Range(1, 3).Select(n => SampleRecords.Row().Key.Configuration with { Instances = n })];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Measure_TwoLaunches_AskedForEachAndGoneThrough()
    {
        Script("cat $0.rows.$launch; echo '{\"done\":true}'");
        Rows(1, 0, 1, 2);
        Rows(2, 0, 1, 2);
        Measure(launches: 2);
        Assert.Equal(["1 1", "1 2", "1 3", "2 1", "2 2", "2 3"], sink.Measurements);
        Assert.Empty(sink.Failures);
        var requests = Requests();
        Assert.Equal([true, false], requests.Select(request => request.CompareScores));
        Assert.Equal([1, 2], requests.Select(request => request.Launch.Number));
        Assert.Equal(requests[0].Launch.Session, requests[1].Launch.Session);
    }

    [Fact]
    public void Measure_ProcessKilledByAPath_RecordsItAndGoesOnWithTheRest()
    {
        // The first process measures one path, notes the second and is killed; the next is asked for the third alone.
        Script("""
            calls=$(cat $0.calls 2>/dev/null || echo 0); echo $((calls + 1)) > $0.calls
            cat $0.rows.$((calls + 1))
            if [ $calls = 0 ]; then printf '\001\000\000\000' > $note; kill -9 $$; fi
            echo '{"done":true}'
            """);
        Rows(1, 0);
        Rows(2, 2);
        Measure(launches: 1);
        Assert.Equal(["1 1", "2 3"], sink.Measurements);
        Assert.Contains("killed, most likely because memory ran out", Assert.Single(sink.Failures), StringComparison.Ordinal);
        Assert.StartsWith(configurations[1].Id(), sink.Failures[0], StringComparison.Ordinal);
        Assert.Equal([[1, 2, 3], [3]], Requests().Select(request => request.Configurations.Select(c => c.Instances)));
    }

    [Fact]
    public void Measure_ProcessCrashes_SaysTheSignalAndItsFirstComplaint()
    {
        Script("""
            if [ -e $0.crashed ]; then echo '{"done":true}'; exit; fi
            touch $0.crashed; printf '\000\000\000\000' > $note; echo 'a bad thing' >&2; kill -SEGV $$
            """);
        Measure(launches: 1);
        Assert.Contains("crashed (signal 11): a bad thing", Assert.Single(sink.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void Measure_ProcessEndsBeforeAnyPath_IsAnErrorAndNoEndlessLoop()
    {
        Script("echo 'no runtime here' >&2; exit 3");
        var thrown = Assert.Throws<MissingResourceException>(() => Measure(launches: 3));
        Assert.Contains("exit code 3: no runtime here", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Measure_ConfigurationThatFails_IsNotAskedForAgain()
    {
        Script("if [ $launch = 1 ]; then echo '{\"failed\":1,\"why\":\"refused\"}'; fi; cat $0.rows.$launch; echo '{\"done\":true}'");
        Rows(1, 0, 2);
        Rows(2, 0, 2);
        Measure(launches: 2);
        Assert.Equal([[1, 2, 3], [1, 3]], Requests().Select(request => request.Configurations.Select(c => c.Instances)));
        Assert.EndsWith("refused", Assert.Single(sink.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void Measure_UnfinishedSession_IsContinuedWhereItEnded()
    {
        Script("cat $0.rows.$launch; echo '{\"done\":true}'");
        var book = new MeasurementBook(SampleRecords.Row().Key);
        foreach (var configuration in configurations)
        {
            book.Add(RowOf(configuration, "earlier", 1, 2));
        }

        book.Add(RowOf(configurations[0], "earlier", 2, 2));
        Rows(2, 1, 2);
        Measure(launches: 2, book);
        var request = Assert.Single(Requests());
        Assert.Equal(LaunchPlace.At("earlier", 2, 2), request.Launch);
        Assert.Equal([2, 3], request.Configurations.Select(c => c.Instances));
    }

    [Fact]
    public void Measure_Cancelled_LetsTheProcessHandOverWhatItHas()
    {
        Script("touch $0.started; while read line; do :; done; cat $0.rows.1; exit 130");
        Rows(1, 0);
        using var cancel = new CancellationTokenSource();
        var watcher = Task.Run(
            async () =>
            {
                while (!File.Exists(Path.Combine(folder, "script.started")))
                {
                    await Task.Delay(5, TestContext.Current.CancellationToken);
                }

                await cancel.CancelAsync();
            },
            TestContext.Current.CancellationToken);
        Assert.Throws<OperationCanceledException>(() => Measure(launches: 1, cancellation: cancel.Token));
        Assert.True(watcher.IsCompleted);
        Assert.Equal(["1 1"], sink.Measurements);
    }

    private void Measure(int launches, MeasurementBook? book = null, CancellationToken cancellation = default)
    {
        var question = SampleRecords.Row().Key;
        var request = new LaunchRequest
        {
            Model = SampleRecords.Plan().Model,
            Skew = SampleRecords.Plan().Workload.Skew,
            Seed = 1,
            UnderWayFile = Path.Combine(folder, "note"),
            Question = question,
            Launch = LaunchPlace.At("", 1, 1),
            Configurations = [],
            Batches = [],
            Seconds = 1,
            CompareScores = true,
            Operators = false,
        };
        var program = new LaunchProgram("/bin/sh", [Path.Combine(folder, "script")]);
        new LaunchedMeasurer(request, launches, book ?? new MeasurementBook(question), program, TimeProvider.System, new Progress<ProfilingProgress>()).Measure(configurations, Batches, seconds: 1, sink, cancellation);
    }

    /// <summary>A process that keeps its request and knows its launch and where to note what is under way.</summary>
    private void Script(string body) => File.WriteAllText(
        Path.Combine(folder, "script"),
        $"read -r request\nprintf '%s\\n' \"$request\" >> $0.requests\nnote={Path.Combine(folder, "note")}\nlaunch=$(printf '%s' \"$request\" | sed -E 's/.*\"launch\":\\{{\"session\":\"[^\"]*\",\"number\":([0-9]+).*/\\1/')\n{body}\n");

    private void Rows(int launch, params int[] indices) => File.WriteAllLines(
        Path.Combine(folder, $"script.rows.{launch}"),
        indices.Select(index => RecordText.WriteLine(new LaunchEvent { Row = RowOf(configurations[index], "any", launch, 2) })));

    private LaunchRequest[] Requests() => [.. File.ReadLines(Path.Combine(folder, "script.requests")).Select(line => RecordText.Read<LaunchRequest>(line, "request"))];

    private static MeasurementRow RowOf(Configuration configuration, string session, int number, int of) =>
        SampleRecords.Row() with { Key = SampleRecords.Row().Key with { Configuration = configuration }, Launch = LaunchPlace.At(session, number, of) };

    private sealed class Sink : IMeasurementSink
    {
        public List<string> Measurements { get; } = [];

        public List<string> Failures { get; } = [];

        public void Measured(MeasurementRow row) => Measurements.Add($"{row.Launch!.Number} {row.Key.Configuration.Instances}");

        public void Failed(Configuration configuration, string why) => Failures.Add($"{configuration.Id()}: {why}");
    }
}
