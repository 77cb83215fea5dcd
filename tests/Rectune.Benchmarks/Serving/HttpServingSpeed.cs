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
    private const double WarmUpSeconds = 0.5;

    public static int Run(Options options)
    {
        var report = new Report(options, "The server over loopback HTTP beside the engine alone");
        var cores = CoreSet.Allowed.Cores;
        if (cores.Count < 2)
        {
            Console.Error.WriteLine($"needs two cores, one for the server and one for the client; found {cores.Count}");
            return 3;
        }

        var rounds = options.Whole("--rounds", 7);
        var seconds = options.Number("--seconds", 2);
        var name = options.Text("--model", "dlrm");
        report.Text.Append(CultureInfo.InvariantCulture, $"- {name}, fp32 tables of at most {options.Text("--rows-cap", "200000")} rows, queries of {Samples} samples in binary tensors; server and engine in a process that has core {cores[0]} alone, the client on core {cores[^1]}\n");
        report.Text.Append(CultureInfo.InvariantCulture, $"- in turn, {rounds} rounds; saturated: {seconds} s each with {Connections} queries on as many connections; light: {ServingSpeed.LightRuns} queries every {ServingSpeed.LightGapUs / 1e3} ms, from the scheduled instant to the answer read\n\n");

        var wakeUpUs = new MachineProbe(TimeProvider.System, new Progress<double>()).WakeUpUs(report.Machine);

        // Threads are born where their parent is bound.
        var clientCore = CoreSet.Of(cores[^1]);
        clientCore.BindCaller();
        var card = ServedModel.CardOf(name, options.Whole("--rows-cap", 200_000));
        var candidates = ServedModel.PoolOf(card);
        using var engine = new EngineProcess(cores[0], options, Samples);
        var figures = new Figures();

        // Code of both sides is compiled before anything counts.
        _ = engine.RawSamplesPerSecond(seconds);
        _ = Served(TimeSpan.Zero);
        figures.Collections = 0;
        for (var round = 0; round < rounds; round++)
        {
            var alone = engine.RawSamplesPerSecond(seconds);
            var engineUs = engine.RawLightUs();
            var (served, light) = Served(TimeSpan.Zero);
            var (_, spinning) = Served(ServingSpeed.Spin);
            figures.Alone.Add(alone);
            figures.EngineUs.Add(engineUs);
            figures.Ratios.Add(served / alone);
            figures.Added.Add(light - engineUs);
            figures.AddedSpinning.Add(spinning - engineUs);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round + 1}: {served / alone:P1} of {alone:F0} samples/s; {engineUs:F0} us alone, {light - engineUs:+0;-0} us over HTTP, {spinning - engineUs:+0;-0} us where the instance looks for work"));
        }

        figures.Append(report);
        report.Text.Append(CultureInfo.InvariantCulture, $"\n- waking a thread on another core takes {wakeUpUs:F0} us here (median): a query over a socket wakes the server's and the client's\n");
        report.Write("serving-http.md");
        return 0;

        (double SamplesPerSecond, double LightUs) Served(TimeSpan spin)
        {
            var address = ServerAddress.Find(engine.Serve(spin), CancellationToken.None);
            var model = ModelDiscovery.Find(address, name, CancellationToken.None);
            var requests = PreparedRequests.Write(address, model, CandidateValues.Of(card, candidates, model), new FixedSizes(Samples), TensorEncoding.Binary, Seed);
            double answer;
            double lightUs;
            using (var target = new HttpLoadTarget(address.EndPoint, requests, Connections, TimeSpan.FromSeconds(5), TimeProvider.System))
            {
                FirstQuery.Require(target, requests, address, CancellationToken.None);
                lightUs = ServingSpeed.LightUs(target, requests.Pool, Samples, GeneratorUrgency.RealTime);
                using var backlog = new Backlog(target, requests.Pool, Samples, clientCore);
                _ = backlog.SamplesPerSecond(WarmUpSeconds);
                engine.Mark();
                answer = spin == TimeSpan.Zero ? backlog.SamplesPerSecond(seconds) : 0;
            }

            figures.Collections += engine.Stop();
            return (answer, lightUs);
        }
    }

    private sealed class Figures
    {
        public List<double> Alone { get; } = [];

        public List<double> EngineUs { get; } = [];

        public List<double> Ratios { get; } = [];

        public List<double> Added { get; } = [];

        public List<double> AddedSpinning { get; } = [];

        public int Collections { get; set; }

        public void Append(Report report)
        {
            report.Text.Append("| figure | median | range |\n|---|---|---|\n");
            Row("engine alone, samples/s", Alone, "F0");
            Row("engine alone, a query's p50, us", EngineUs, "F0");
            Row("saturated server over the engine alone", Ratios, "P1");
            Row("added to a query's p50 at light load, us", Added, "F0");
            Row("the same where the idle instance looks for work (`apply --spin 10ms`), us", AddedSpinning, "F0");
            report.Text.Append(CultureInfo.InvariantCulture, $"| collections of generation {GC.MaxGeneration} in the server under the backlog | {Collections} | |\n");

            void Row(string title, List<double> values, string format) => report.Text.Append(
                CultureInfo.InvariantCulture,
                $"| {title} | {Report.Median(values).ToString(format, CultureInfo.InvariantCulture)} | {values.Min().ToString(format, CultureInfo.InvariantCulture)}–{values.Max().ToString(format, CultureInfo.InvariantCulture)} |\n");
        }
    }
}
