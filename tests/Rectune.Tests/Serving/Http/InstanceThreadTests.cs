using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Rectune.Core.Domain;
using Rectune.Engine.Serving;
using Rectune.Engine.Serving.Http;
using Xunit;

namespace Rectune.Tests.Serving.Http;

public sealed class InstanceThreadTests
{
    [Fact]
    public async Task Infer_RequestsBehindOneThatAnInstancesThreadAnswered_AreReadOnOtherThreads()
    {
        var metrics = new ServerMetrics();
        using var target = new OneInstance(metrics);
        await using var server = await HttpServer.StartAsync(RunningServer.Options, target, metrics, TestContext.Current.CancellationToken);
        using var socket = await ConnectAsync(server.Port);
        using var other = await ConnectAsync(server.Port);
        var (body, jsonBytes) = SmallRequests.ValidBinary(""","parameters":{"binary_data_output":true}""");
        byte[] request = [.. Encoding.ASCII.GetBytes($"POST /v2/models/small/infer HTTP/1.1\r\nHost: x\r\nContent-Length: {body.Length}\r\n{InferEndpoint.JsonLengthHeader}: {jsonBytes}\r\n\r\n"), .. body];
        socket.Send([.. Enumerable.Repeat(request, OneInstance.Queries / 2).SelectMany(bytes => bytes)]);
        other.Send([.. Enumerable.Repeat(request, OneInstance.Queries / 2).SelectMany(bytes => bytes)]);

        await target.AllEnded.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Repeat(false, OneInstance.Queries), target.SubmittedOnInstance);

        // Where the answer is there before it is waited for, the thread that asked goes on.
        Assert.InRange(target.AnsweredAtOnce, OneInstance.Queries / 2, OneInstance.Queries);
    }

    private static async Task<Socket> ConnectAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        return socket;
    }

    /// <summary>Ends queries on the thread of an instance, as if after long runs, and notes where they come from and where they are answered.</summary>
    private sealed class OneInstance : IQueryTarget, IDisposable
    {
        public const int Queries = 20;

        private readonly BlockingCollection<(int Count, IQueryObserver Observer, long Tag)> queue = [];
        private readonly TaskCompletionSource allEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ServerMetrics metrics;
        private readonly Thread thread;

        public OneInstance(ServerMetrics metrics)
        {
            this.metrics = metrics;
            thread = new Thread(Work) { IsBackground = true };
            thread.Start();
        }

        public ConcurrentQueue<bool> SubmittedOnInstance { get; } = [];

        /// <summary>Queries that were answered when their observer returned: by the instance's thread.</summary>
        public int AnsweredAtOnce { get; private set; }

        public Task AllEnded => allEnded.Task;

        public Admission Submit(FeatureBatch source, int start, int count, IQueryObserver observer, long tag, QueryTerms terms = default)
        {
            SubmittedOnInstance.Enqueue(InstanceThread.IsCurrent);
            queue.Add((count, observer, tag));
            return Admission.Accepted;
        }

        public void Dispose()
        {
            queue.CompleteAdding();
            thread.Join();
            queue.Dispose();
        }

        private void Work()
        {
            InstanceThread.Begin(noCoreIsFree: true);
            var ended = 0;
            foreach (var (count, observer, tag) in queue.GetConsumingEnumerable())
            {
                InstanceThread.Ran(1_000_000, 1);
                observer.Ended(tag, new float[count], QueryEnd.Answered);
                AnsweredAtOnce += metrics.Queries(QueryOutcome.Answered) == ended + 1 ? 1 : 0;
                if (++ended == Queries)
                {
                    allEnded.SetResult();
                }
            }
        }
    }
}
