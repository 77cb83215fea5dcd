using System.Globalization;
using Rectune.Core.Workloads;
using Rectune.Engine.Kernels;
using Rectune.Engine.Limits;
using Rectune.Engine.Load.Http;

namespace Rectune.Benchmarks.Serving;

/// <summary>What serving over loopback HTTP costs over the engine alone: server and engine in a process on one core, the client on another, in turn.</summary>
internal static class HttpServingSpeed
{
    private const ulong Seed = 1;
    private const int Samples = 256;
    private const int Connections = 64;

    /// <summary>Of the smaller lone queries.</summary>
    private const int LightSamples = 16;

    public static int Run(Options options)
    {
        var report = new Report(options, "The server over loopback HTTP beside the engine alone");
        var cores = CoreSet.Allowed.Cores;
        if (cores.Count < 2)
        {
            Console.Error.WriteLine($"needs two cores, one for the server and one for the client; found {cores.Count}");
            return 3;
        }

        var slices = options.Whole("--slices", 40);
        var seconds = options.Number("--seconds", 0.4);
        var name = options.Text("--model", "dlrm");
        report.Text.Append(CultureInfo.InvariantCulture, $"- {name}, fp32 tables of at most {options.Text("--rows-cap", "200000")} rows, binary tensors; server and engine in a process that has core {cores[0]} alone, the client on core {cores[^1]}\n");
        report.Text.Append(CultureInfo.InvariantCulture, $"- in turn, {slices} slices of each, compared within a slice; saturated: {seconds} s with {Connections} queries of {Samples} samples on as many connections; light: {LightLoad.Queries} queries every {LightLoad.GapUs / 1e3} ms, from the scheduled instant to the answer read\n\n");

        var wakeUpUs = new MachineProbe(TimeProvider.System, new Progress<double>()).WakeUpUs(report.Machine);

        // Threads are born where their parent is bound.
        var clientCore = CoreSet.Of(cores[^1]);
        clientCore.BindCaller();
        var card = ServedModel.CardOf(name, options.Whole("--rows-cap", 200_000));
        var candidates = ServedModel.PoolOf(card);
        using var engine = new EngineProcess(cores[0], options, Samples);
        var (target, requests) = Connect(engine.Address, Samples);
        using var saturating = target;
        using var backlog = new Backlog(saturating, requests.Pool, Samples, clientCore);

        var table = new SliceTable();
        var alone = table.Row("engine alone, samples/s", "F0");
        var saturated = table.Row("saturated server over the engine alone", "P1");
        using var small = new HttpLight(LightSamples, clientCore, Connect, engine, table);
        using var large = new HttpLight(Samples, clientCore, Connect, engine, table);

        // Code of both sides is compiled, and all connections are open, before anything counts; the slice before the first warms up too.
        _ = engine.RawSamplesPerSecond(1);
        _ = backlog.SamplesPerSecond(2);
        var before = 0;
        for (var slice = 0; slice <= slices; slice++)
        {
            if (slice == 1)
            {
                table.Clear();
                before = engine.Collections();
            }

            var (raw, served) = SliceTable.InTurn(slice, () => engine.RawSamplesPerSecond(seconds), () => backlog.SamplesPerSecond(seconds));
            alone.Add(raw);
            saturated.Add(served / raw);
            var said = $"{small.Slice(engine)}; {large.Slice(engine)}";
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"slice {slice} of {slices}: {saturated[^1]:P1} of {alone[^1]:F0} samples/s; {said}"));
        }

        table.Append(report.Text);
        report.Text.Append(CultureInfo.InvariantCulture, $"\n- collections of generation {GC.MaxGeneration} in the process of engine and servers meanwhile: {engine.Collections() - before}\n");
        report.Text.Append(CultureInfo.InvariantCulture, $"- waking a thread on another core takes {wakeUpUs:F0} us here (median): a query over a socket wakes the server's and the client's\n");
        report.Write("serving-http.md");
        return 0;

        (HttpLoadTarget Target, PreparedRequests Requests) Connect(string url, int samples)
        {
            var address = ServerAddress.Find(url, CancellationToken.None);
            var model = ModelDiscovery.Find(address, name, CancellationToken.None);
            var prepared = PreparedRequests.Write(address, model, CandidateValues.Of(card, candidates, model), new FixedSizes(samples), TensorEncoding.Binary, Seed);
            var answering = new HttpLoadTarget(address.EndPoint, prepared, Connections, TimeSpan.FromSeconds(5), TimeProvider.System);
            FirstQuery.Require(answering, prepared, address, CancellationToken.None);
            return (answering, prepared);
        }
    }
}
