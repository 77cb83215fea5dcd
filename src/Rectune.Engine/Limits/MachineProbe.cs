using Microsoft.ML.OnnxRuntime;
using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Numerics;
using Rectune.Core.Onnx;
using Rectune.Engine.Kernels;

namespace Rectune.Engine.Limits;

/// <summary>Measures what a machine can do at most, with one thread and with one a core.</summary>
/// <param name="clock">Measures.</param>
/// <param name="progress">Told the share done.</param>
public sealed class MachineProbe(TimeProvider clock, IProgress<double> progress)
{
    private const int Rows = 4_000_000;

    /// <summary>Most memory that a measurement takes, bytes.</summary>
    public const long MemoryBytes = (long)Rows * 256;

    private const int Fetched = 1 << 21;

    private const int WakeUps = 200;

    private const int GraphRuns = 2_000;

    private const ulong Seed = 1;

    /// <summary>Bytes of a row of 64 elements in fp32, fp16 and int8, and of 16 elements in fp32.</summary>
    private static readonly int[] RowSizes = [256, 128, 72, 64];

    private static readonly int[] ProductSizes = [512, 1024, 2048];

    /// <summary>How long a thread waits before it is called: long enough to be parked.</summary>
    private static readonly TimeSpan Parked = TimeSpan.FromMilliseconds(2);

    /// <param name="machine">Whose limits they are.</param>
    /// <param name="seconds">Time for all of it.</param>
    /// <param name="cancellation">Ends it between two figures.</param>
    public MachineLimits Measure(Machine machine, double seconds, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(machine);
        int[] threads = [.. new[] { 1, machine.Cpu.Cores }.Distinct()];
        var steps = threads.Length * (1 + RowSizes.Length + (2 * ProductSizes.Length));
        var each = TimeSpan.FromSeconds(seconds / steps);
        var done = 0;
        var stream = new List<StreamLimit>();
        var fetch = new List<FetchLimit>();
        var products = new List<ProductLimit>();
        foreach (var count in threads)
        {
            using var team = new LockstepThreads(count);
            using (var bandwidth = new StreamBandwidth(team, clock))
            {
                stream.Add(new StreamLimit { Threads = count, GigabytesPerSecond = Rounded(bandwidth.Measure(each)) });
                Step();
            }

            using var gather = new GatherLimit((long)Rows * RowSizes[0], team, clock);
            foreach (var rowBytes in RowSizes)
            {
                fetch.Add(new FetchLimit { Threads = count, RowBytes = rowBytes, RowsPerSecond = Rounded(gather.Best(rowBytes, RandomRows(), each).RowsPerSecond) });
                Step();
            }

            foreach (var precision in DensePrecision.All)
            {
                products.Add(ProductSizes.Select(size =>
                {
                    Step();
                    return new ProductLimit { Threads = count, Precision = precision, Size = size, Gflops = Rounded(GemmPeak.Measure(size, count, each, clock, precision)) };
                }).MaxBy(product => product.Gflops)!);
            }
        }

        return new MachineLimits
        {
            Schema = MachineLimits.SchemaName,
            MachineFingerprint = machine.Fingerprint,
            RuntimeFingerprint = machine.Runtime.Fingerprint(),
            Stream = stream,
            Fetch = fetch,
            Products = products,
            WakeUpUs = WakeUpUs(machine),
            GraphRunUs = Rounded(GraphRunUs()),
            MeasuredAt = clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture),
        };

        void Step()
        {
            cancellation.ThrowIfCancellationRequested();
            progress.Report((double)++done / steps);
        }
    }

    /// <summary>From calling a parked thread until it runs, median, microseconds; null on one core. Takes about half a second.</summary>
    public double? WakeUpUs(Machine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        return machine.Cpu.Cores > 1 ? Rounded(MedianWakeUpUs()) : null;
    }

    private static int[] RandomRows()
    {
        var rows = new int[Fetched];
        var random = new SplitMix64(Seed);
        foreach (ref var row in rows.AsSpan())
        {
            row = (int)random.NextInt64(Rows);
        }

        return rows;
    }

    /// <summary>From one core to another, as the threads of instances have cores of their own: a thread on the caller's core is woken sooner, once the caller sleeps.</summary>
    private double MedianWakeUpUs()
    {
        // Parks at once, where slim ones spin first: what is asked is what waking costs.
        using var called = new AutoResetEvent(false);
        using var ready = new AutoResetEvent(false);
        using var never = new ManualResetEvent(false);
        var us = new double[WakeUps];
        var from = 0L;
        var sleeper = new Thread(() =>
        {
            CoreSet.Allowed.Share(1, 2).BindCaller();
            for (var i = 0; i < WakeUps; i++)
            {
                called.WaitOne();
                us[i] = clock.GetElapsedTime(Volatile.Read(ref from)).TotalMicroseconds;
                ready.Set();
            }
        })
        { IsBackground = true, Name = "sleeper" };
        var caller = new Thread(() =>
        {
            CoreSet.Allowed.Share(0, 2).BindCaller();
            for (var i = 0; i < WakeUps; i++)
            {
                never.WaitOne(Parked);
                Volatile.Write(ref from, clock.GetTimestamp());
                called.Set();
                ready.WaitOne();
            }
        })
        { IsBackground = true, Name = "caller" };
        sleeper.Start();
        caller.Start();
        caller.Join();
        sleeper.Join();
        Array.Sort(us);
        return Percentiles.Interpolated(us, 0.5);
    }

    private double GraphRunUs()
    {
        var graph = new GraphWriter("nothing", new RandomParameters(Seed));
        graph.Input("x", [1]);
        graph.Singles("one", [1], [1]);
        graph.Node("Add", "y", ["x", "one"]);
        graph.Output("y", "sum", [1]);
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var session = new InferenceSession(graph.ToBytes(), options);
        using var run = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(new float[] { 1 }, [1, 1]);
        using var output = OrtValue.CreateTensorValueFromMemory(new float[1], [1, 1]);
        using var binding = session.CreateIoBinding();
        binding.BindInput("x", input);
        binding.BindOutput("sum", output);
        var us = new double[GraphRuns];
        for (var i = 0; i < us.Length; i++)
        {
            var start = clock.GetTimestamp();
            session.RunWithBinding(run, binding);
            us[i] = clock.GetElapsedTime(start).TotalMicroseconds;
        }

        Array.Sort(us);
        return Percentiles.Interpolated(us, 0.5);
    }

    private static double Rounded(double value) => SignificantDigits.Round(value, 5);
}
