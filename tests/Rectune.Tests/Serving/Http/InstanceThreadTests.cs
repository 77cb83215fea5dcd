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
        using var target = new OneInstance();
        await using var server = await HttpServer.StartAsync(RunningServer.Options, target, new ServerMetrics(), TestContext.Current.CancellationToken);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 30_000 };
        await socket.ConnectAsync(IPAddress.Loopback, server.Port, TestContext.Current.CancellationToken);
        var (body, jsonBytes) = SmallRequests.ValidBinary(""","parameters":{"binary_data_output":true}""");
        byte[] request = [.. Encoding.ASCII.GetBytes($"POST /v2/models/small/infer HTTP/1.1\r\nHost: x\r\nContent-Length: {body.Length}\r\n{InferEndpoint.JsonLengthHeader}: {jsonBytes}\r\n\r\n"), .. body];
        socket.Send([.. Enumerable.Repeat(request, OneInstance.Queries).SelectMany(bytes => bytes)]);

        await target.AllEnded.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Repeat(false, OneInstance.Queries), target.SubmittedOnInstance);
    }

    /// <summary>Ends queries on the thread of an instance, and notes where they come from.</summary>
    private sealed class OneInstance : IQueryTarget, IDisposable
    {
        public const int Queries = 20;

        private readonly BlockingCollection<(int Count, IQueryObserver Observer, long Tag)> queue = [];
        private readonly TaskCompletionSource allEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Thread thread;

        public OneInstance()
        {
            thread = new Thread(Work) { IsBackground = true };
            thread.Start();
        }

        public ConcurrentQueue<bool> SubmittedOnInstance { get; } = [];

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
            InstanceThread.Begin();
            var ended = 0;
            foreach (var (count, observer, tag) in queue.GetConsumingEnumerable())
            {
                observer.Ended(tag, new float[count], QueryEnd.Answered);
                if (++ended == Queries)
                {
                    allEnded.SetResult();
                }
            }
        }
    }
}
