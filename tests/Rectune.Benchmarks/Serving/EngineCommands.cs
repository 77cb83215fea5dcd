using System.Globalization;
using Rectune.Engine.Serving.Http;

namespace Rectune.Benchmarks.Serving;

/// <summary>The process behind <see cref="EngineProcess"/>: a line for every command on its input.</summary>
internal static class EngineCommands
{
    public const string Name = "engine";
    public const string Raw = "raw";
    public const string Light = "light";
    public const string Serve = "serve";
    public const string Mark = "mark";
    public const string Stop = "stop";

    public static int Run(Options options)
    {
        var samples = options.Whole("--samples", 256);
        using var model = new ServedModel(options.Text("--model", "dlrm"), options.Whole("--rows-cap", 200_000));
        Say("ready");
        while (Console.ReadLine() is { } line)
        {
            var words = line.Split(' ');
            switch (words[0])
            {
                case Raw:
                    Say(RawLoop.SamplesPerSecond(model, samples, Number(words[1])));
                    break;
                case Light:
                    Say(Report.Median(RawLoop.LatenciesUs(model, samples, ServingSpeed.LightRuns, ServingSpeed.LightGapUs)));
                    break;
                case Serve:
                    ServeUntilTold(model, samples, TimeSpan.FromMilliseconds(Number(words[1])));
                    break;
                default:
                    throw new InvalidOperationException($"found '{line}', expected {Raw}, {Light}, {Serve}, {Mark} or {Stop}");
            }
        }

        return 0;
    }

    private static void ServeUntilTold(ServedModel model, int samples, TimeSpan spin)
    {
        using var target = model.Server(samples, spin);
        var serving = new HttpServerOptions { Urls = ["http://127.0.0.1:0"], ModelName = model.Card.Name, Card = model.Card, MaxBatchSamples = samples };
        var server = HttpServer.StartAsync(serving, target, new ServerMetrics()).GetAwaiter().GetResult();
        var before = GC.CollectionCount(GC.MaxGeneration);
        Say(server.Addresses[0].AbsoluteUri);

        while (Console.ReadLine() == Mark)
        {
            before = GC.CollectionCount(GC.MaxGeneration);
            Say(before);
        }

        var collections = GC.CollectionCount(GC.MaxGeneration) - before;
        server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Say(collections);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static void Say(IConvertible answer) => Console.WriteLine(answer.ToString(CultureInfo.InvariantCulture));
}
