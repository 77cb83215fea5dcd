using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Engine.Serving.Http;

namespace Rectune.Benchmarks.Serving;

/// <summary>The process behind <see cref="EngineProcess"/>: it serves from its start, by two servers on instances of their own, and answers every command on its input with a line.</summary>
internal static class EngineCommands
{
    public const string Name = "engine";
    public const string Raw = "raw";
    public const string Light = "light";
    public const string Collections = "collections";

    public static int Run(Options options)
    {
        var samples = options.Whole("--samples", 256);
        using var model = new ServedModel(options.Text("--model", "dlrm"), options.Whole("--rows-cap", 200_000));
        using var raw = new RawLoop(model, samples);
        using var target = model.Server(samples, TimeSpan.Zero);
        using var spinning = model.Server(samples, LightLoad.Spin);
        HttpServer[] servers = [Serve(target), Serve(spinning)];
        Say(string.Join(' ', servers.Select(server => server.Addresses[0].AbsoluteUri)));
        while (Console.ReadLine() is { } line)
        {
            var words = line.Split(' ');
            Say(words[0] switch
            {
                Raw => raw.SamplesPerSecond(samples, double.Parse(words[1], CultureInfo.InvariantCulture)),
                Light => raw.LightUs(int.Parse(words[1], CultureInfo.InvariantCulture)),
                Collections => GC.CollectionCount(GC.MaxGeneration),
                _ => throw new InvalidOperationException($"found '{line}', expected {Raw}, {Light} or {Collections}"),
            });
        }

        foreach (var server in servers)
        {
            server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        return 0;

        HttpServer Serve(IQueryTarget answering)
        {
            var serving = new HttpServerOptions { Urls = ["http://127.0.0.1:0"], ModelName = model.Card.Name, Card = model.Card, MaxBatchSamples = samples };
            return HttpServer.StartAsync(serving, answering, new ServerMetrics()).GetAwaiter().GetResult();
        }
    }

    private static void Say(IConvertible answer) => Console.WriteLine(answer.ToString(CultureInfo.InvariantCulture));
}
