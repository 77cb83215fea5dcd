using Rectune.Core.Domain;
using Rectune.Core.Workloads;
using Rectune.Engine.Load.Http;
using Xunit;

namespace Rectune.Tests.Fakes;

/// <summary>A client of a scripted server, and what its queries came to.</summary>
internal sealed class LoadedSocket : IQueryObserver, IDisposable
{
    private readonly PreparedRequests requests;
    private readonly SemaphoreSlim ended = new(0);
    private readonly int[] ends;

    public LoadedSocket(ScriptedHttpServer server, int connections = 4, double timeoutSeconds = 20, TimeProvider? clock = null, int samples = 2, bool byRuntimesClient = false)
    {
        var address = ServerAddress.Find(server.Url, CancellationToken.None);
        requests = PreparedRequests.Write(address, Model, new UniformValues(Model, 10, seed: 3), new FixedSizes(samples), TensorEncoding.Binary, seed: 3);
        var timeout = TimeSpan.FromSeconds(timeoutSeconds);
        Target = byRuntimesClient
            ? new HttpClientLoadTarget(address, Model, requests, connections, timeout, clock ?? TimeProvider.System)
            : new HttpLoadTarget(address.EndPoint, requests, connections, timeout, clock ?? TimeProvider.System);
        ends = new int[Enum.GetValues<QueryEnd>().Length];
    }

    public static ServedModel Model { get; } = new()
    {
        Name = "m",
        Inputs = [new ServedTensor { Name = "x", Kind = ElementKind.Fp32, SampleShape = [3] }, new ServedTensor { Name = "id", Kind = ElementKind.Int64, SampleShape = [1] }],
    };

    public IHttpLoadTarget Target { get; }

    public int Ended(QueryEnd end) => Volatile.Read(ref ends[(int)end]);

    public void Submit(int queries)
    {
        for (var i = 0; i < queries; i++)
        {
            // No assertion by equality: it would allocate.
            Assert.True(Target.Submit(requests.Pool, i, requests.Smallest, this, i) == Admission.Accepted);
        }
    }

    /// <summary>Waits for the ends of so many queries; a hang fails.</summary>
    public void Wait(int queries)
    {
        for (var i = 0; i < queries; i++)
        {
            Assert.True(ended.Wait(TimeSpan.FromSeconds(30)), "a query never ended");
        }
    }

    public void Ended(long tag, ReadOnlySpan<float> scores, QueryEnd end)
    {
        Interlocked.Increment(ref ends[(int)end]);
        ended.Release();
    }

    public void Dispose()
    {
        Target.Dispose();
        ended.Dispose();
    }
}
