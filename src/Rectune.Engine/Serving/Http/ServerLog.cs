using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Rectune.Engine.Serving.Http;

/// <summary>
/// A log of JSON lines: one for each event in a server's life, and one for each query that was not answered, up to a number a second. A thread of its own writes them; lines that cannot be written, or
/// for which no room is left, are dropped and counted: neither a full disk nor a pipe that nobody reads stops a server. Safe for concurrent use.
/// </summary>
public sealed class ServerLog : IDisposable
{
    /// <summary>Enough to see what goes wrong, too few to be what goes wrong.</summary>
    public const int QueryLinesPerSecond = 20;

    /// <summary>Lines that may wait to be written.</summary>
    private const int MostWaiting = 1_024;

    /// <summary>How long closing waits for lines that nobody takes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock guard = new();
    private readonly object writing = new();
    private readonly Queue<string> waiting = new();
    private readonly Thread thread;
    private readonly TextWriter writer;
    private readonly TimeProvider clock;
    private readonly LineBudget budget = new(QueryLinesPerSecond);
    private readonly ArrayBufferWriter<byte> buffer = new();
    private readonly Utf8JsonWriter json;
    private readonly long start;
    private long lost;
    private bool underWay;
    private bool closing;

    /// <param name="writer">Owned by the caller; written by the log's thread alone until the log is closed.</param>
    public ServerLog(TextWriter writer, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(clock);
        this.writer = writer;
        this.clock = clock;
        start = clock.GetTimestamp();
        json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        thread = new Thread(WriteAll) { IsBackground = true, Name = "server-log" };
        thread.Start();
    }

    /// <summary>Lines that could not be written.</summary>
    public long Lost => Interlocked.Read(ref lost);

    /// <summary>Writes one line: the time, the event, then <paramref name="members"/>.</summary>
    public void Write(string name, Action<Utf8JsonWriter>? members = null)
    {
        lock (guard)
        {
            WriteLine(name, members);
        }
    }

    /// <summary>Waits until everything told so far is written or lost; false where nothing moves for two seconds.</summary>
    public bool Flush()
    {
        lock (writing)
        {
            while (waiting.Count > 0 || underWay)
            {
                if (!Monitor.Wait(writing, Patience))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Writes what waits, for at most two seconds.</summary>
    public void Dispose()
    {
        lock (writing)
        {
            closing = true;
            Monitor.PulseAll(writing);
        }

        if (thread.Join(Patience))
        {
            json.Dispose();
        }
    }

    /// <summary>Tells of a query that was not answered, if the second has room for it.</summary>
    internal void Query(in QueryEnding ending, string? requestId)
    {
        var (outcome, why, id, samples) = (ending.Outcome, ending.Why, ending.Id, ending.Samples);
        Limited("query", line =>
        {
            line.WriteString("outcome", outcome.ToString().ToLowerInvariant());
            if (why is not null)
            {
                line.WriteString("why", why);
            }

            if (requestId is not null)
            {
                line.WriteString("requestId", requestId);
            }

            if (id is not null)
            {
                line.WritePropertyName("id");
                line.WriteRawValue(id, skipInputValidation: true);
            }

            if (samples > 0)
            {
                line.WriteNumber("samples", samples);
            }
        });
    }

    /// <summary>Tells of an exception that nobody foresaw, if the second has room for it.</summary>
    internal void Fault(Exception exception) => Limited("fault", line =>
    {
        line.WriteString("message", exception.Message);
        line.WriteString("detail", exception.ToString());
    });

    private void Limited(string name, Action<Utf8JsonWriter> members)
    {
        lock (guard)
        {
            if (!budget.TryTake(clock.GetElapsedTime(start)))
            {
                return;
            }

            var suppressed = budget.TakeSuppressed();
            WriteLine(name, line =>
            {
                members(line);
                if (suppressed > 0)
                {
                    line.WriteNumber("suppressedBefore", suppressed);
                }
            });
        }
    }

    private void WriteLine(string name, Action<Utf8JsonWriter>? members)
    {
        buffer.ResetWrittenCount();
        json.Reset(buffer);
        json.WriteStartObject();
        json.WriteString("time", clock.GetUtcNow().UtcDateTime);
        json.WriteString("event", name);
        members?.Invoke(json);
        json.WriteEndObject();
        json.Flush();
        buffer.Write("\n"u8);
        var text = Encoding.UTF8.GetString(buffer.WrittenSpan);
        lock (writing)
        {
            if (waiting.Count == MostWaiting || closing)
            {
                Interlocked.Increment(ref lost);
                return;
            }

            waiting.Enqueue(text);
            Monitor.PulseAll(writing);
        }
    }

    private void WriteAll()
    {
        while (Next() is { } line)
        {
            try
            {
                writer.Write(line);
                writer.Flush();
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                Interlocked.Increment(ref lost);
            }
        }
    }

    /// <summary>The oldest line that waits; null when the log is closed and none is left.</summary>
    private string? Next()
    {
        lock (writing)
        {
            underWay = false;
            Monitor.PulseAll(writing);
            while (waiting.Count == 0)
            {
                if (closing)
                {
                    return null;
                }

                Monitor.Wait(writing);
            }

            underWay = true;
            return waiting.Dequeue();
        }
    }
}
