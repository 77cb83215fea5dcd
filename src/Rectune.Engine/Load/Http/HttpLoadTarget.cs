using System.Net;
using Rectune.Core.Domain;

namespace Rectune.Engine.Load.Http;

/// <summary>
/// A server behind HTTP/1.1 without TLS as a target of load. Requests are written in advance and go out on the submitting thread; connections are opened as queries find none free, up to a
/// limit, beyond which queries wait in line; a query without an answer in time fails, and its connection is closed. Of the answers, only the first of each connection is looked into:
/// observers get no scores. Nothing is allocated a query while connections stay open.
/// </summary>
public sealed class HttpLoadTarget : IHttpLoadTarget, IThreadPoolWorkItem
{
    /// <summary>Sweeps for what takes too long in one timeout, where that leaves the shortest time between them.</summary>
    private const int SweepsATimeout = 20;
    private const int ShortestSweepMs = 5;

    private readonly Lock gate = new();
    private readonly IPEndPoint server;
    private readonly PreparedRequests requests;
    private readonly TimeProvider clock;
    private readonly long timeoutTicks;
    private readonly ClientConnection[] idle;
    private readonly List<ClientConnection> open = [];
    private readonly QueryLine waiting = new();
    private readonly ClientTally tally;
    private readonly ITimer sweeper;

    /// <summary>Those found by a sweep; touched by one sweep at a time.</summary>
    private readonly List<ClientConnection> stuck = [];
    private readonly List<SentQuery> expired = [];

    private int idleCount;

    /// <summary>Open connections and those that are about to be.</summary>
    private int connections;

    /// <summary>Of these, those that are about to be.</summary>
    private int opening;

    private int sweeping;
    private bool closing;
    private volatile bool hasProblem;

    /// <param name="server">Where connections go.</param>
    /// <param name="requests">What is sent.</param>
    /// <param name="mostConnections">Limit on connections at once.</param>
    /// <param name="timeout">How long a query may take from its submission.</param>
    /// <param name="clock">Time of timeouts and of what is reported.</param>
    public HttpLoadTarget(IPEndPoint server, PreparedRequests requests, int mostConnections, TimeSpan timeout, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(mostConnections);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        (this.server, this.requests, this.clock) = (server, requests, clock);
        timeoutTicks = (long)(timeout.TotalSeconds * clock.TimestampFrequency);
        idle = new ClientConnection[mostConnections];
        tally = new ClientTally(clock);
        var every = TimeSpan.FromMilliseconds(Math.Max(ShortestSweepMs, timeout.TotalMilliseconds / SweepsATimeout));
        sweeper = clock.CreateTimer(_ => Sweep(), state: null, every, every);
    }

    /// <summary>Whether something went wrong since the last report: the first is told, and no text made of the others.</summary>
    internal bool HasProblem => hasProblem;

    /// <summary>Connections with a query under way.</summary>
    private int Busy => connections - opening - idleCount;

    /// <inheritdoc/>
    public string Protocol => "http/1.1";

    /// <inheritdoc/>
    public ClientReport TakeReport()
    {
        lock (gate)
        {
            hasProblem = false;
            return tally.Take(Busy);
        }
    }

    /// <inheritdoc/>
    /// <param name="source">Not looked at: what is sent was written in advance.</param>
    /// <param name="start">Chooses among the requests of this size.</param>
    /// <param name="terms">Not looked at either: requests say what they ask for.</param>
    public Admission Submit(FeatureBatch source, int start, int count, IQueryObserver observer, long tag, QueryTerms terms = default)
    {
        var now = clock.GetTimestamp();
        var query = new SentQuery(requests.RequestOf(start, count), observer, tag, now);
        ClientConnection? free = null;
        var more = false;
        lock (gate)
        {
            if (closing)
            {
                return Admission.Closing;
            }

            tally.Sent();
            if (idleCount > 0)
            {
                free = idle[--idleCount];
                free.Assign(query, now);
                tally.HasBusy(Busy);
            }
            else
            {
                tally.Waits();
                waiting.Add(query);
                more = TryReserve();
            }
        }

        free?.Send(query.Request.Message);
        if (more)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        return Admission.Accepted;
    }

    public void Dispose()
    {
        sweeper.Dispose();
        ClientConnection[] left;
        lock (gate)
        {
            closing = true;
            left = [.. open];
        }

        foreach (var connection in left)
        {
            Lost(connection, AnswerKind.Disconnected, problem: null);
        }

        while (TryTakeWaiting(out var query))
        {
            query.Observer.Ended(query.Tag, [], QueryEnd.Failed);
        }
    }

    /// <summary>Opens the connection that a query was found to need.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        ClientConnection connection;
        try
        {
            connection = new ClientConnection(this, server, requests.LargestBytes);
        }
        catch (System.Net.Sockets.SocketException e)
        {
            NoSocket(e.Message);
            return;
        }

        lock (gate)
        {
            connection.BegunAt = clock.GetTimestamp();
            open.Add(connection);
        }

        if (closing)
        {
            Lost(connection, AnswerKind.Disconnected, problem: null);
        }
        else
        {
            connection.Open();
        }
    }

    internal void Opened(ClientConnection connection)
    {
        lock (gate)
        {
            if (connection.State != ConnectionState.Opening)
            {
                return;
            }

            opening--;
            tally.Opened();
            connection.State = ConnectionState.Busy;
        }

        Release(connection);
    }

    /// <summary>The connection has nothing more to do: it takes the query that has waited longest, or waits itself.</summary>
    internal void Release(ClientConnection connection)
    {
        SentQuery next;
        lock (gate)
        {
            if (connection.State != ConnectionState.Busy)
            {
                return;
            }

            if (!waiting.TryTake(out next))
            {
                connection.State = ConnectionState.Idle;
                idle[idleCount++] = connection;
                return;
            }

            var now = clock.GetTimestamp();
            tally.Waited(now - next.SubmittedAt);
            connection.Assign(next, now);
            tally.HasBusy(Busy);
        }

        connection.Send(next.Request.Message);
    }

    /// <summary>The connection's answer is complete; false when nobody had asked.</summary>
    internal bool Ended(ClientConnection connection, AnswerKind kind, string? problem)
    {
        SentQuery query;
        var now = clock.GetTimestamp();
        lock (gate)
        {
            (query, connection.Query) = (connection.Query, default);
            if (query.IsNone)
            {
                return false;
            }

            Count(kind, now - connection.BegunAt, problem);
        }

        query.Observer.Ended(query.Tag, [], kind switch { AnswerKind.Answered => QueryEnd.Answered, AnswerKind.Refused => QueryEnd.Late, _ => QueryEnd.Failed });
        return true;
    }

    /// <summary>The connection is of no more use: closes it, and its query, or the oldest in line where it never opened, has failed. Nothing happens the second time.</summary>
    /// <param name="before">Only if what it does began before this timestamp.</param>
    internal void Lost(ClientConnection connection, AnswerKind kind, string? problem, long before = long.MaxValue)
    {
        SentQuery query;
        lock (gate)
        {
            var state = connection.State;
            if (state == ConnectionState.Closed || connection.Since >= before)
            {
                return;
            }

            connection.State = ConnectionState.Closed;
            connections--;
            open.Remove(connection);
            (query, connection.Query) = (connection.Query, default);
            if (state == ConnectionState.Opening)
            {
                opening--;
                waiting.TryTake(out query);
            }
            else if (state == ConnectionState.Idle)
            {
                RemoveIdle(connection);
            }

            if (!query.IsNone)
            {
                Count(kind, ticks: 0, problem);
            }
        }

        connection.Dispose();
        if (!query.IsNone)
        {
            query.Observer.Ended(query.Tag, [], QueryEnd.Failed);
        }

        OpenMore();
    }

    /// <summary>No socket was to be had, as where too many are open.</summary>
    private void NoSocket(string problem)
    {
        SentQuery query;
        lock (gate)
        {
            connections--;
            opening--;
            if (waiting.TryTake(out query))
            {
                Count(AnswerKind.Disconnected, ticks: 0, problem);
            }
        }

        if (!query.IsNone)
        {
            query.Observer.Ended(query.Tag, [], QueryEnd.Failed);
        }
    }

    private void Count(AnswerKind kind, long ticks, string? problem)
    {
        tally.Ended(kind, ticks, problem);
        hasProblem |= problem is not null;
    }

    /// <summary>Takes the place of a connection that is to be opened, where queries wait for more than are being opened.</summary>
    private bool TryReserve()
    {
        if (closing || connections >= idle.Length || opening >= waiting.Count)
        {
            return false;
        }

        connections++;
        opening++;
        return true;
    }

    private void OpenMore()
    {
        while (true)
        {
            lock (gate)
            {
                if (!TryReserve())
                {
                    return;
                }
            }

            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private void RemoveIdle(ClientConnection connection)
    {
        var at = Array.IndexOf(idle, connection, 0, idleCount);
        idle[at] = idle[--idleCount];
    }

    private bool TryTakeWaiting(out SentQuery query)
    {
        lock (gate)
        {
            if (!waiting.TryTake(out query))
            {
                return false;
            }

            Count(AnswerKind.Disconnected, ticks: 0, problem: null);
            return true;
        }
    }

    private void Sweep()
    {
        if (Interlocked.Exchange(ref sweeping, 1) != 0)
        {
            return;
        }

        var late = clock.GetTimestamp() - timeoutTicks;
        lock (gate)
        {
            foreach (var connection in open)
            {
                if (connection.Since < late)
                {
                    stuck.Add(connection);
                }
            }

            while (waiting.TryTakeBefore(late, out var query))
            {
                Count(AnswerKind.TimedOut, ticks: 0, "no connection was free in time");
                expired.Add(query);
            }
        }

        foreach (var connection in stuck)
        {
            // It may have gone on to something else meanwhile.
            Lost(connection, AnswerKind.TimedOut, "no answer in time", late);
        }

        foreach (var query in expired)
        {
            query.Observer.Ended(query.Tag, [], QueryEnd.Failed);
        }

        stuck.Clear();
        expired.Clear();
        OpenMore();
        Volatile.Write(ref sweeping, 0);
    }
}
