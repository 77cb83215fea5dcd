using System.Globalization;
using Rectune.Engine.Kernels;
using Rectune.Engine.Limits;

namespace Rectune.Benchmarks.Serving;

/// <summary>What the server in process costs over the engine alone: throughput under a backlog and latency at light load, side by side in turn.</summary>
internal static class ServingSpeed
{
    private const int Samples = 128;

    public static int Run(Options options)
    {
        var report = new Report(options, "The server beside the engine alone");
        var slices = options.Whole("--slices", 40);
        var seconds = options.Number("--seconds", 0.4);
        var name = options.Text("--model", "dlrm");
        report.Text.Append(CultureInfo.InvariantCulture, $"- {name}, fp32 tables of at most {options.Text("--rows-cap", "200000")} rows, queries of {Samples} samples, one instance on the first core, queries sent from the second; in process, with the server's counters and latency histogram on\n");
        report.Text.Append(CultureInfo.InvariantCulture, $"- in turn, {slices} slices of each, compared within a slice; saturated: {seconds} s with 64 queries inside; light: {LightLoad.Queries} queries every {LightLoad.GapUs / 1e3} ms, from the scheduled instant, the engine's thread waiting for it as the server's sender does\n\n");

        var wakeUpUs = new MachineProbe(TimeProvider.System, new Progress<double>()).WakeUpUs(report.Machine);
        using var model = new ServedModel(name, options.Whole("--rows-cap", 200_000));
        using var raw = new RawLoop(model, Samples);
        using var plain = model.Server(Samples, TimeSpan.Zero);
        using var spinning = model.Server(Samples, LightLoad.Spin);
        using var backlog = new Backlog(plain, model.Pool, Samples, CoreSet.Allowed.Share(1, 2));

        var table = new SliceTable();
        var alone = table.Row("engine alone, samples/s", "F0");
        var engineUs = table.Row("engine alone, a query's p50, us", "F0");
        var saturated = table.Row("saturated server over the engine alone", "P1");
        var added = table.Row("added to a query's p50 at light load, us", "F0");
        var addedSpinning = table.Row("the same where the idle instance looks for work (`apply --spin 10ms`), us", "F0");
        _ = raw.SamplesPerSecond(Samples, 1);
        _ = backlog.SamplesPerSecond(1);
        var collections = 0;
        for (var slice = 0; slice <= slices; slice++)
        {
            if (slice == 1)
            {
                table.Clear();
                collections = 0;
            }

            var (engine, served) = SliceTable.InTurn(slice, () => raw.SamplesPerSecond(Samples, seconds), Served);
            alone.Add(engine);
            saturated.Add(served / engine);

            // The instance that looks for work goes on for a while: it comes first.
            var (overSpinning, over) = (LightLoad.Us(spinning, model.Pool, Samples), LightLoad.Us(plain, model.Pool, Samples));
            engineUs.Add(raw.LightUs(Samples));
            added.Add(over - engineUs[^1]);
            addedSpinning.Add(overSpinning - engineUs[^1]);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"slice {slice} of {slices}: {saturated[^1]:P1} of {alone[^1]:F0} samples/s; {engineUs[^1]:F0} us alone, {added[^1]:+0;-0} us in the server, {addedSpinning[^1]:+0;-0} us where it looks for work"));
        }

        table.Append(report.Text);
        report.Text.Append(CultureInfo.InvariantCulture, $"\n- collections of generation {GC.MaxGeneration} under the backlog: {collections}\n");
        report.Text.Append(CultureInfo.InvariantCulture, $"- waking a thread on another core takes {wakeUpUs:F0} us here (median), and every query at light load wakes the instance's\n");
        report.Write("serving.md");
        return 0;

        double Served()
        {
            var before = GC.CollectionCount(GC.MaxGeneration);
            var served = backlog.SamplesPerSecond(seconds);
            collections += GC.CollectionCount(GC.MaxGeneration) - before;
            return served;
        }
    }
}
