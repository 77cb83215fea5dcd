using System.Globalization;
using Rectune.Core.Workloads;
using Rectune.Engine.Kernels;
using Rectune.Engine.Limits;
using Rectune.Engine.Load;
using Rectune.Engine.Load.Http;

namespace Rectune.Benchmarks.Serving;

/// <summary>What serving over loopback HTTP costs over the engine alone: server and engine in a process on one core, the client on another, in turn.</summary>
internal static class HttpServingSpeed
{
    private const ulong Seed = 1;
    private const int Samples = 256;
    private const int Connections = 64;

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
        report.Text.Append(CultureInfo.InvariantCulture, $"- {name}, fp32 tables of at most {options.Text("--rows-cap", "200000")} rows, queries of {Samples} samples in binary tensors; server and engine in a process that has core {cores[0]} alone, the client on core {cores[^1]}\n");
        report.Text.Append(CultureInfo.InvariantCulture, $"- in turn, {slices} slices of each, compared within a slice; saturated: {seconds} s with {Connections} queries on as many connections; light: {LightLoad.Queries} queries every {LightLoad.GapUs / 1e3} ms, from the scheduled instant to the answer read\n\n");

        var wakeUpUs = new MachineProbe(TimeProvider.System, new Progress<double>()).WakeUpUs(report.Machine);

        // Threads are born where their parent is bound.
        var clientCore = CoreSet.Of(cores[^1]);
        clientCore.BindCaller();
        var card = ServedModel.CardOf(name, options.Whole("--rows-cap", 200_000));
        var candidates = ServedModel.PoolOf(card);
        using var engine = new EngineProcess(cores[0], options, Samples);
        using var plain = Connect(engine.Address, out var requests);
        using var spinning = Connect(engine.SpinningAddress, out _);
        using var backlog = new Backlog(plain, requests.Pool, Samples, clientCore);

        var table = new SliceTable();
        var alone = table.Row("engine alone, samples/s", "F0");
        var engineUs = table.Row("engine alone, a query's p50, us", "F0");
        var saturated = table.Row("saturated server over the engine alone", "P1");
        var added = table.Row("added to a query's p50 at light load, us", "F0");
        var addedAwake = table.Row("the same where the client's core is kept from sleeping, us", "F0");
        var addedSpinning = table.Row("the same, and the idle instance looks for work (`apply --spin 10ms`), us", "F0");

        // Code of both sides is compiled, and all connections are open, before anything counts.
        _ = engine.RawSamplesPerSecond(1);
        _ = backlog.SamplesPerSecond(2);
        var before = engine.Collections();
        for (var slice = 0; slice < slices; slice++)
        {
            alone.Add(engine.RawSamplesPerSecond(seconds));
            saturated.Add(backlog.SamplesPerSecond(seconds) / alone[^1]);
            engineUs.Add(engine.RawLightUs());
            added.Add(Light(plain) - engineUs[^1]);
            using (new AwakeCore(clientCore))
            {
                addedAwake.Add(Light(plain) - engineUs[^1]);
                addedSpinning.Add(Light(spinning) - engineUs[^1]);
            }

            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"slice {slice + 1} of {slices}: {saturated[^1]:P1} of {alone[^1]:F0} samples/s; {engineUs[^1]:F0} us alone, {added[^1]:+0;-0} us over HTTP, {addedAwake[^1]:+0;-0} us to a client that is awake, {addedSpinning[^1]:+0;-0} us where the instance looks for work"));
        }

        table.Append(report.Text);
        report.Text.Append(CultureInfo.InvariantCulture, $"\n- collections of generation {GC.MaxGeneration} in the servers meanwhile: {engine.Collections() - before}\n");
        report.Text.Append(CultureInfo.InvariantCulture, $"- waking a thread on another core takes {wakeUpUs:F0} us here (median): a query over a socket wakes the server's and the client's\n");
        report.Write("serving-http.md");
        return 0;

        double Light(HttpLoadTarget target) => LightLoad.Us(target, requests.Pool, Samples, GeneratorUrgency.RealTime);

        HttpLoadTarget Connect(string url, out PreparedRequests prepared)
        {
            var address = ServerAddress.Find(url, CancellationToken.None);
            var model = ModelDiscovery.Find(address, name, CancellationToken.None);
            prepared = PreparedRequests.Write(address, model, CandidateValues.Of(card, candidates, model), new FixedSizes(Samples), TensorEncoding.Binary, Seed);
            var target = new HttpLoadTarget(address.EndPoint, prepared, Connections, TimeSpan.FromSeconds(5), TimeProvider.System);
            FirstQuery.Require(target, prepared, address, CancellationToken.None);
            return target;
        }
    }
}
