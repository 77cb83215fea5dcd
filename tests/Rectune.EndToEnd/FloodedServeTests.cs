using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Rectune.EndToEnd;

/// <summary>Clients that never stop asking on one connection: no thread that other connections wait for is theirs.</summary>
[Collection(nameof(PlannedModel))]
public sealed class FloodedServeTests(PlannedModel planned) : IDisposable
{
    private const int TimeoutMs = 60_000;

    private readonly Rectune rectune = new();

    public void Dispose() => rectune.Dispose();

    [Fact]
    public async Task Apply_FloodOnMoreConnectionsThanThereAreSocketThreads_OthersAreAnswered()
    {
        planned.CopyTo(rectune, "plan.json");
        using var server = rectune.Start("apply", "plan.json", "--urls", "http://127.0.0.1:0", "--json");
        try
        {
            var port = new Uri(await Rectune.ReadUrl(server)).Port;
            var infer = $"POST /v2/models/{planned.Plan.Model.Name}/infer HTTP/1.1\r\nHost: x\r\n";
            Flood(port, Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("GET /v2/health/live HTTP/1.1\r\nHost: x\r\n\r\n", 500))));
            Flood(port, Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(infer + "Content-Length: 2\r\nInference-Header-Content-Length: 2\r\n\r\n{}", 500))));

            // As many as cores only where connections go on on these threads.
            Assert.Equal(Environment.ProcessorCount, SocketThreads(server));
        }
        finally
        {
            Rectune.Signal(server, "TERM");
        }

        Assert.True(server.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal(0, server.ExitCode);
    }

    private static void Flood(int port, byte[] requests)
    {
        Socket[] flooding = [.. Enumerable.Range(0, 2 * Environment.ProcessorCount).Select(_ => Connect(port))];
        Thread[] threads = [.. flooding.SelectMany(socket => (Thread[])[Begin(() => SendForever(socket, requests)), Begin(() => ReceiveForever(socket))])];
        try
        {
            for (var i = 0; i < flooding.Length; i++)
            {
                using var other = Connect(port);
                other.Send("GET /v2/health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8);
                Assert.StartsWith("HTTP/1.1 200", ReceiveAll(other), StringComparison.Ordinal);
            }
        }
        finally
        {
            foreach (var socket in flooding)
            {
                socket.Dispose();
            }
        }

        Assert.All(threads, thread => Assert.True(thread.Join(TimeoutMs)));
    }

    private static int SocketThreads(Process server) =>
        Directory.EnumerateDirectories($"/proc/{server.Id}/task").Count(thread => File.ReadAllText(Path.Combine(thread, "comm")).StartsWith(".NET Sockets", StringComparison.Ordinal));

    private static Socket Connect(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = TimeoutMs, NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        return socket;
    }

    private static string ReceiveAll(Socket socket)
    {
        var all = new StringBuilder();
        var bytes = new byte[4096];
        for (int count; (count = socket.Receive(bytes)) > 0;)
        {
            all.Append(Encoding.ASCII.GetString(bytes, 0, count));
        }

        return all.ToString();
    }

    private static Thread Begin(Action work)
    {
        var thread = new Thread(() =>
        {
            try
            {
                work();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The end of the test, or of the server's patience.
            }
        })
        { IsBackground = true };
        thread.Start();
        return thread;
    }

    private static void SendForever(Socket socket, byte[] requests)
    {
        while (true)
        {
            socket.Send(requests);
        }
    }

    private static void ReceiveForever(Socket socket)
    {
        var bytes = new byte[1 << 20];
        while (socket.Receive(bytes) > 0)
        {
        }
    }
}
