using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Rectune.Core.Numerics;

namespace Rectune.Benchmarks.Serving;

/// <summary>Clients that send garbage, leave in the middle, dawdle or lie about lengths, ten a second from a fixed seed, until they are stopped.</summary>
internal sealed class UnrulyClients : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Dawdlers at once; the server cuts each off after some seconds.</summary>
    private const int MostSlow = 20;

    private readonly ManualResetEventSlim stopping = new();
    private readonly Queue<TcpClient> slow = new();
    private readonly Thread thread;
    private readonly int port;
    private readonly string model;
    private SplitMix64 random = new(1);

    public UnrulyClients(Uri server, string model)
    {
        (port, this.model) = (server.Port, model);
        thread = new Thread(Run) { IsBackground = true, Name = "unruly-clients" };
        thread.Start();
    }

    /// <summary>Connections so far.</summary>
    public long Sent { get; private set; }

    public void Dispose()
    {
        stopping.Set();
        thread.Join();
        foreach (var client in slow)
        {
            client.Dispose();
        }

        stopping.Dispose();
    }

    private void Run()
    {
        while (!stopping.Wait(Pause))
        {
            try
            {
                Misbehave();
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                // The server has closed the connection, as it should.
            }

            Sent++;
        }
    }

    private void Misbehave()
    {
        var client = new TcpClient();
        try
        {
            client.Connect(IPAddress.Loopback, port);
            var kind = random.NextInt64(8);
            client.GetStream().Write(Bytes(kind));
            if (kind == 7)
            {
                slow.Enqueue(client);
                if (slow.Count > MostSlow)
                {
                    slow.Dequeue().Dispose();
                }

                return;
            }

            client.Client.LingerState = new LingerOption(enable: random.NextInt64(2) == 0, seconds: 0);
        }
        catch
        {
            client.Dispose();
            throw;
        }

        client.Dispose();
    }

    private byte[] Bytes(long kind)
    {
        var noise = new byte[1 + random.NextInt64(2000)];
        for (var i = 0; i < noise.Length; i++)
        {
            noise[i] = (byte)random.NextInt64(256);
        }

        return kind switch
        {
            0 => noise,
            1 => Request(noise, noise.Length),
            2 => Request(noise, noise.Length + 1000),
            3 => Request(noise, noise.Length / 2),
            4 => Text($"GET / HTTP/1.1\r\nHost: x\r\nX: {new string('a', 40_000)}\r\n\r\n"),
            5 => Request(Text("{\"inputs\":[{\"name\":\"dense\",\"shape\":[1,13],\"datatype\":\"FP32\",\"data\":[NaN]}]}"), null),
            6 => [],
            _ => Request(noise, 1 << 20),
        };
    }

    private byte[] Request(byte[] body, int? announced) =>
        [.. Text(string.Create(CultureInfo.InvariantCulture, $"POST /v2/models/{model}/infer HTTP/1.1\r\nHost: x\r\nContent-Length: {announced ?? body.Length}\r\n\r\n")), .. body];

    private static byte[] Text(string text) => Encoding.ASCII.GetBytes(text);
}
