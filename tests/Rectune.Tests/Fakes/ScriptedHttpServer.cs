using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Rectune.Tests.Fakes;

/// <summary>Reads requests from sockets, each connection on a thread of its own, and answers them with bytes written in advance. Serving allocates nothing.</summary>
internal sealed class ScriptedHttpServer : IDisposable
{
    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ManualResetEventSlim open = new(initialState: true);
    private readonly List<Socket> sockets = [];
    private readonly Lock gate = new();
    private readonly Func<int, Reply> script;

    private int requests;
    private int connections;

    /// <param name="script">The answer to each request, by its number from 0.</param>
    public ScriptedHttpServer(Func<int, Reply> script)
    {
        this.script = script;
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(512);
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public enum After
    {
        Keep,
        Close,
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}";

    /// <summary>Requests read completely.</summary>
    public int Requests => Volatile.Read(ref requests);

    /// <summary>Connections on which anything came.</summary>
    public int Connections => Volatile.Read(ref connections);

    /// <summary>Answers as soon as anything of a request came, and reads the rest of it afterwards.</summary>
    public bool AnswersEarly { get; init; }

    public static Reply Scores { get; } = new(Response("200 OK", """{"outputs":[{"name":"score","datatype":"FP32","shape":[1,1],"data":[0.5]}]}"""), After.Keep);

    public static byte[] Response(string status, string body) => Encoding.UTF8.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    public static Reply Text(string response, After after = After.Keep) => new(Encoding.UTF8.GetBytes(response), after);

    /// <summary>No answer goes out until <see cref="Release"/>.</summary>
    public void Hold() => open.Reset();

    public void Release() => open.Set();

    public void Dispose()
    {
        Release();
        listener.Dispose();
        lock (gate)
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    private static int LengthOf(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        var at = bytes.IndexOf("Content-Length: "u8);
        while (at > 0 && bytes[at - 1] == '-')
        {
            // Inference-Header-Content-Length is another matter.
            var next = bytes[(at + 1)..].IndexOf("Content-Length: "u8);
            at = next < 0 ? -1 : at + 1 + next;
        }

        if (end < 0 || at < 0)
        {
            return -1;
        }

        return System.Buffers.Text.Utf8Parser.TryParse(bytes[(at + 16)..], out int length, out _) ? end + 4 + length : -1;
    }

    private void Accept()
    {
        try
        {
            while (true)
            {
                var socket = listener.Accept();
                lock (gate)
                {
                    sockets.Add(socket);
                }

                new Thread(() => Serve(socket)) { IsBackground = true }.Start();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private void Serve(Socket socket)
    {
        var buffer = new byte[1 << 18];
        var held = 0;
        var counted = false;
        Reply? early = null;
        try
        {
            while (true)
            {
                var need = LengthOf(buffer.AsSpan(0, held));
                if (need < 0 || held < need)
                {
                    var got = socket.Receive(buffer, held, buffer.Length - held, SocketFlags.None);
                    if (got == 0)
                    {
                        return;
                    }

                    held += got;
                    _ = counted ? 0 : Interlocked.Increment(ref connections);
                    counted = true;
                    early ??= AnswersEarly ? Answer(socket) : null;
                    continue;
                }

                buffer.AsSpan(need, held - need).CopyTo(buffer);
                held -= need;
                var reply = early ?? Answer(socket);
                early = null;
                if (reply.Then == After.Close)
                {
                    socket.Shutdown(SocketShutdown.Both);
                    return;
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The client left, or the test is over.
        }
    }

    private Reply Answer(Socket socket)
    {
        var reply = script(Interlocked.Increment(ref requests) - 1);
        open.Wait();
        socket.Send(reply.Bytes);
        return reply;
    }

    internal readonly record struct Reply(byte[] Bytes, After Then);
}
