using System.Net;
using System.Net.Sockets;

namespace Rectune.Engine.Load.Http;

/// <summary>
/// One keep-alive connection with at most one request under way. A receive is always pending, so that an answer, and the server's leaving, is heard at once. Whoever submits also
/// sends, without waiting for what the socket does not take at once. Sending and answering each end on threads of their own: the later of the two gives the connection back.
/// </summary>
internal sealed class ClientConnection : IDisposable
{
    private const int ReadBytes = 8192;
    private const int MostSentBytes = 4 << 20;

    private readonly HttpLoadTarget owner;
    private readonly Socket socket;
    private readonly SocketAsyncEventArgs receiving = new(true);
    private readonly SocketAsyncEventArgs sending = new(true);
    private readonly byte[] buffer = GC.AllocateUninitializedArray<byte>(ReadBytes, pinned: true);
    private readonly ResponseParser parser = new();

    private bool outputsSeen;
    private int halves;

    /// <param name="longest">Of what is sent at once, bytes: the system takes it in whole, so that nobody waits for the server to read it.</param>
    public ClientConnection(HttpLoadTarget owner, IPEndPoint server, int longest)
    {
        this.owner = owner;
        socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, SendBufferSize = Math.Clamp(longest, ReadBytes, MostSentBytes) };
        receiving.SetBuffer(buffer, 0, buffer.Length);
        receiving.Completed += (_, _) => OnReceived();
        sending.Completed += (_, done) => OnSent(done.LastOperation);
        sending.RemoteEndPoint = server;
        parser.Begin(keepBody: true);
    }

    /// <summary>Guarded by the owner, as the rest of what is public here.</summary>
    public ConnectionState State { get; set; }

    /// <summary>The query under way; none once it has ended.</summary>
    public SentQuery Query { get; set; }

    /// <summary>Timestamp of opening, or of sending.</summary>
    public long BegunAt { get; set; }

    /// <summary>Timestamp since which it keeps somebody waiting; the end of time where it does not.</summary>
    public long Since => State == ConnectionState.Idle ? long.MaxValue : Query.IsNone ? BegunAt : Query.SubmittedAt;

    /// <summary>Takes a query; <see cref="Send"/> follows.</summary>
    public void Assign(in SentQuery query, long now)
    {
        (State, Query, BegunAt) = (ConnectionState.Busy, query, now);
        Volatile.Write(ref halves, 0);
    }

    public void Open()
    {
        try
        {
            if (!socket.ConnectAsync(sending))
            {
                OnConnected();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            owner.Lost(this, AnswerKind.Disconnected, e.Message);
        }
    }

    public void Send(byte[] message)
    {
        try
        {
            sending.SetBuffer(message, 0, message.Length);
            if (!socket.SendAsync(sending))
            {
                OnSent(SocketAsyncOperation.Send);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            owner.Lost(this, AnswerKind.Disconnected, e.Message);
        }
    }

    public void Dispose()
    {
        socket.Dispose();
        receiving.Dispose();
        sending.Dispose();
    }

    private void OnSent(SocketAsyncOperation operation)
    {
        if (operation == SocketAsyncOperation.Connect)
        {
            OnConnected();
        }
        else if (sending.SocketError != SocketError.Success || sending.BytesTransferred != sending.Count)
        {
            owner.Lost(this, AnswerKind.Disconnected, $"sending failed: {sending.SocketError}");
        }
        else
        {
            EndHalf();
        }
    }

    private void OnConnected()
    {
        if (sending.SocketError != SocketError.Success)
        {
            owner.Lost(this, AnswerKind.Disconnected, $"no connection: {sending.SocketError}");
            return;
        }

        owner.Opened(this);
        Receive();
    }

    private void OnReceived()
    {
        if (TakeBytes())
        {
            Receive();
        }
    }

    private void Receive()
    {
        try
        {
            while (!socket.ReceiveAsync(receiving))
            {
                if (!TakeBytes())
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            owner.Lost(this, AnswerKind.Disconnected, e.Message);
        }
    }

    /// <summary>False when nothing more is to be read.</summary>
    private bool TakeBytes()
    {
        if (receiving.SocketError != SocketError.Success || receiving.BytesTransferred == 0)
        {
            if (receiving.SocketError == SocketError.Success && parser.TryEnd())
            {
                return TakeAnswer();
            }

            owner.Lost(this, AnswerKind.Disconnected, receiving.SocketError == SocketError.Success ? "the server closed the connection before its answer was complete" : $"receiving failed: {receiving.SocketError}");
            return false;
        }

        var bytes = buffer.AsSpan(0, receiving.BytesTransferred);
        var used = parser.Feed(bytes);
        if (parser.IsMalformed || used < bytes.Length)
        {
            owner.Lost(this, AnswerKind.Malformed, $"no HTTP response, or more than one: {Answer.Quote(bytes)}");
            return false;
        }

        return !parser.IsComplete || TakeAnswer();
    }

    private bool TakeAnswer()
    {
        // Bodies are looked into until one of this connection has been found to hold output tensors.
        var (kind, problem) = Answer.Judge(parser.Status, parser.Body, parser.JsonBytes, outputsSeen, owner.HasProblem);
        var usable = parser.KeepAlive && kind != AnswerKind.Malformed;
        outputsSeen |= kind == AnswerKind.Answered;
        parser.Begin(keepBody: !outputsSeen);
        if (!owner.Ended(this, kind, problem) || !usable)
        {
            owner.Lost(this, AnswerKind.Disconnected, problem: null);
            return false;
        }

        EndHalf();
        return true;
    }

    private void EndHalf()
    {
        if (Interlocked.Increment(ref halves) == 2)
        {
            owner.Release(this);
        }
    }
}
