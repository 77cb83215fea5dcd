using System.Net;
using Rectune.Core.Domain;
using Rectune.Core.Workloads;
using Rectune.Engine.Load;
using Rectune.Engine.Load.Http;
using Rectune.Engine.Validation;

namespace Rectune.Cli;

/// <summary>A running server that has answered once: what it takes, what is sent to it, and the connections to it.</summary>
internal sealed class BenchServer : IDisposable
{
    private readonly BenchOptions options;
    private readonly IHttpLoadTarget target;
    private readonly TimeProvider clock;

    private int driven;

    private BenchServer(BenchOptions options, ServerAddress address, ServedModel model, PreparedRequests requests, IndexSkew skew, IHttpLoadTarget target, TimeProvider clock)
    {
        (this.options, this.target, this.clock) = (options, target, clock);
        (Address, Model, Requests) = (address, model, requests);
        Workload = (options.Load with { Sizes = requests.Sizes }).With(skew);
    }

    public ServerAddress Address { get; }

    /// <summary>How queries travel, as the server answered the first.</summary>
    public string Protocol => target.Protocol ?? throw new InvalidOperationException("a server that was opened has answered");

    public ServedModel Model { get; }

    public PreparedRequests Requests { get; }

    public Workload Workload { get; }

    /// <summary>Asks the server what the model takes, writes the requests, and sends the first.</summary>
    public static BenchServer Open(BenchOptions options, Terminal terminal, TimeProvider clock, CancellationToken cancellation)
    {
        var address = ServerAddress.Find(options.Url, options.Access, cancellation);
        if (options.Access.HasToken && !address.IsTls && !IPAddress.IsLoopback(address.EndPoint.Address))
        {
            terminal.Warning($"the token goes to {address} in the clear: an https:// address keeps it secret");
        }

        var model = ModelDiscovery.Find(address, options.Name, cancellation);
        terminal.Progress("writing requests");
        var (values, skew) = ValuesOf(options, model, cancellation);
        var requests = PreparedRequests.Write(address, model, values, options.Load.Sizes, options.Encoding, options.Seed, options.QualityMin);
        var client = ClientOf(options, address, model, requests, clock);
        try
        {
            FirstQuery.Require(client, requests, address, cancellation);
            terminal.EndProgress();
            return new BenchServer(options, address, model, requests, skew, client, clock);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Drives one rate and judges it.</summary>
    public BenchRate Drive(double qps, LoadLength length, IProgress<ValidationProgress> progress, CancellationToken cancellation)
    {
        // Each rate has schedules of its own, none of them the planner's.
        var seed = ~options.Seed - (ulong)driven++;
        var load = new LiveLoad(Requests.Pool, options.Load.Arrivals, Requests.Sizes, seed, clock, progress, GeneratorUrgency.RealTime);
        var seconds = options.For?.Seconds ?? LoadReplications.Seconds(qps, LoadReplications.LongestSeconds, options.Sla);

        // Longer than the timeout, by which every query has ended.
        var patience = TimeSpan.FromSeconds((1.2 * options.Timeout.Seconds) + 0.5);
        target.TakeReport();
        var seen = load.Drive(target, paths: [], options.Sla, qps, seconds, length, look: 1, patience, cancellation);
        return new BenchRate
        {
            OfferedQps = qps,
            Verdict = seen.Verdict,
            Measured = seen.Measured,
            Queries = seen.Queries,
            Replications = seen.Replications,
            Generator = seen.Generator,
            Client = target.TakeReport(),
            QueriesNeeded = seen.QueriesNeeded,
            Because = seen.Because,
        };
    }

    public void Dispose() => target.Dispose();

    private static IHttpLoadTarget ClientOf(BenchOptions options, ServerAddress address, ServedModel model, PreparedRequests requests, TimeProvider clock)
    {
        var timeout = TimeSpan.FromSeconds(options.Timeout.Seconds);
        return address.IsTls || address.IsCleartext2
            ? new HttpClientLoadTarget(address, model, requests, options.Connections, timeout, clock)
            : new HttpLoadTarget(address.EndPoint, requests, options.Connections, timeout, clock);
    }

    private static (IQueryValues Values, IndexSkew Skew) ValuesOf(BenchOptions options, ServedModel model, CancellationToken cancellation)
    {
        if (options.Card is not { } card)
        {
            return (new UniformValues(model, options.IdBound, options.Seed), SkewText.Of(0, Provenance.Assumed));
        }

        var (candidates, skew) = CandidateSource.Open(card, dataFile: null, options.Skew, options.Seed, cancellation);
        return (CandidateValues.Of(card, candidates.Value.Features, model), skew);
    }
}
