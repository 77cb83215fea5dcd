using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Rectune.Engine.Serving.Http;

/// <summary>
/// A log of JSON lines: one for each event in a server's life, and one for each query that was not answered, up to a number a second. Lines that cannot be written are dropped and
/// counted: a full disk stops no server. Safe for concurrent use.
/// </summary>
public sealed class ServerLog : IDisposable
{
    /// <summary>Enough to see what goes wrong, too few to be what goes wrong.</summary>
    public const int QueryLinesPerSecond = 20;

    private readonly Lock guard = new();
    private readonly TextWriter writer;
    private readonly TimeProvider clock;
    private readonly LineBudget budget = new(QueryLinesPerSecond);
    private readonly ArrayBufferWriter<byte> buffer = new();
    private readonly Utf8JsonWriter json;
    private readonly long start;

    /// <param name="writer">Owned by the caller.</param>
    public ServerLog(TextWriter writer, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(clock);
        this.writer = writer;
        this.clock = clock;
        start = clock.GetTimestamp();
        json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <summary>Lines that could not be written.</summary>
    public long Lost { get; private set; }

    /// <summary>Writes one line: the time, the event, then <paramref name="members"/>.</summary>
    public void Write(string name, Action<Utf8JsonWriter>? members = null)
    {
        lock (guard)
        {
            WriteLine(name, members);
        }
    }

    public void Dispose() => json.Dispose();

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
        try
        {
            writer.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
            writer.Flush();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            Lost++;
        }
    }
}
