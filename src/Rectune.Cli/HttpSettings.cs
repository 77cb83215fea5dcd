using Rectune.Core.Domain;
using Rectune.Core.Units;
using Rectune.Engine.Hardware;
using Rectune.Engine.Serving.Http;

namespace Rectune.Cli;

/// <summary>The settings that say where and how a plan is served over HTTP.</summary>
internal static class HttpSettings
{
    /// <summary>Kept free beside connections: for connections that are accepted to be closed, and for libraries and the log.</summary>
    private const int SpareFiles = 64;

    private static readonly SettingOf<IReadOnlyList<string>> Urls = new(SettingKinds.List)
    {
        Name = "urls",
        Metavar = "URL",
        Description = "Loopback addresses to listen on, joined by commas; port 0 takes a free one; h2c:// is HTTP/2 without TLS, https:// is either with --tls-cert",
        Default = "http://127.0.0.1:8000",
    };

    private static readonly SettingOf<int> MaxQuery = new(SettingKinds.Count)
    {
        Name = "max-query",
        Metavar = "N",
        Description = "Largest query accepted, samples",
        Default = "4096",
    };

    private static readonly SettingOf<int> MaxConnections = new(SettingKinds.Count)
    {
        Name = "max-connections",
        Metavar = "N",
        Description = "Connections open at once; those beyond are closed",
        Default = "4096",
    };

    private static readonly SettingOf<ByteSize> MaxBodyMemory = new(SettingKinds.Size)
    {
        Name = "max-body-memory",
        Metavar = "SIZE",
        Description = "Bodies of all requests under way together; those that find no room are answered 503",
        Default = "1GiB",
    };

    private static readonly SettingOf<Duration> DrainTime = new(SettingKinds.Time)
    {
        Name = "drain",
        Metavar = "TIME",
        Description = "How long queries inside may take to finish after SIGTERM or Ctrl-C",
        Default = "30s",
    };

    private static readonly SettingOf<string> TlsCert = new(SettingKinds.Text)
    {
        Name = "tls-cert",
        Metavar = "FILE",
        Description = "Certificate for https:// addresses, PEM, then those that signed it",
        Otherwise = "no https://",
    };

    private static readonly SettingOf<string> TlsKey = new(SettingKinds.Text)
    {
        Name = "tls-key",
        Metavar = "FILE",
        Description = "Private key of --tls-cert, PEM, not encrypted",
        Otherwise = "no https://",
    };

    private static readonly SettingOf<string> TokenFile = new(SettingKinds.Text)
    {
        Name = "token-file",
        Metavar = "FILE",
        Description = "File with a token that all requests but those for health must carry as 'Authorization: Bearer'",
        Otherwise = "no token is asked for",
    };

    private static readonly SettingOf<string> LogFile = new(SettingKinds.Text)
    {
        Name = "log",
        Metavar = "FILE",
        Description = "Append events and failed queries as JSON lines; - is standard error",
        Otherwise = "no log",
    };

    private static readonly SettingOf<Uri> Otlp = new(Collector)
    {
        Name = "otlp",
        Metavar = "URL",
        Description = "OpenTelemetry collector to send metrics and traces to, OTLP over HTTP, such as http://127.0.0.1:4318",
        Otherwise = "nothing is sent",
    };

    public static IReadOnlyList<Setting> All { get; } = [Urls, MaxQuery, MaxConnections, MaxBodyMemory, DrainTime, TlsCert, TlsKey, TokenFile, LogFile, Otlp];

    /// <summary>Reads every file that is named. Throws when one is absent or malformed, and when a certificate or a key comes alone.</summary>
    public static HttpServerOptions Of(SettingValues values, Plan plan, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new HttpServerOptions
        {
            Urls = values.Get(Urls),
            ModelName = plan.Model.Name,
            Card = plan.Model.Card,
            MaxBatchSamples = values.Get(MaxQuery),
            Plan = new ServedPlan(PromiseOf(plan)),
            Tls = Tls(values),
            Token = values.TryGet(TokenFile, out var file) ? BearerToken.Read(FileText.Read(file, "the token"), file) : null,
            Limits = new ConnectionLimits { MaxConnections = values.Get(MaxConnections), MaxBodyBytes = values.Get(MaxBodyMemory).Bytes },
            Otlp = values.TryGet(Otlp, out var collector) ? collector : null,
            DrainTimeout = TimeSpan.FromSeconds(values.Get(DrainTime).Seconds),
            Clock = clock,
        };
    }

    /// <summary>
    /// Bounds connections by the files that the process may still open, so that accepting never fails for want of one: connections would then wait unseen. What is open now is kept free once more, since
    /// another plan is loaded beside the one that is served.
    /// </summary>
    /// <exception cref="MissingResourceException">Not one connection would be left.</exception>
    public static ConnectionLimits WithinOpenFiles(ConnectionLimits limits, SystemFiles files, Terminal terminal)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(terminal);
        if (OpenFiles.Count(files) is not { } open || OpenFiles.Limit(files) is not { } most)
        {
            return limits;
        }

        var kept = (2 * open) + SpareFiles;
        if (most - kept < 1)
        {
            throw new MissingResourceException(
                $"The process may have {most} files open at once and has {open} already: no connection could be taken.", $"Raise the limit: ulimit -n {kept + limits.MaxConnections}");
        }

        if (most - kept < limits.MaxConnections)
        {
            terminal.Warning($"at most {most - kept} connections, expected {limits.MaxConnections}: the process may have {most} files open at once; raise the limit: ulimit -n {kept + limits.MaxConnections}");
        }

        return limits with { MaxConnections = (int)Math.Min(limits.MaxConnections, most - kept) };
    }

    /// <summary>What metrics and the live page say of a plan.</summary>
    public static ServedPromise PromiseOf(Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new ServedPromise
        {
            Paths = [.. plan.Paths.Select(path => path.Id)],
            Sla = plan.Sla,
            Qps = plan.Promise.Qps,
            Verdict = plan.Validated.Verdict,
            QueueLimit = plan.Scheduler.QueueLimit,

            // A scheduler without paths of its own knows nothing of their quality.
            BestQuality = plan.Scheduler.Paths.Count == 0 ? null : plan.Paths.Select(path => path.Quality).Where(quality => quality.Value is not null).MaxBy(quality => quality.Value),
        };
    }

    /// <summary>Opens the log; null where none is asked for. Throws <see cref="MissingResourceException"/> when the file cannot be written.</summary>
    /// <param name="standardError">Where <c>-</c> leads; it is not closed with the log.</param>
    public static LogTarget? OpenLog(SettingValues values, TextWriter standardError, TimeProvider clock) =>
        values.TryGet(LogFile, out var file) ? LogTarget.Open(file, standardError, clock) : null;

    private static IReadOnlyList<string> Collector(string text, out Uri value) =>
        Uri.TryCreate(text, UriKind.Absolute, out value!) && value.Scheme is ("http" or "https") && value.Query.Length == 0
            ? []
            : [$"found '{text}', expected a URL such as http://127.0.0.1:4318"];

    private static TlsIdentity? Tls(SettingValues values)
    {
        var hasCertificate = values.TryGet(TlsCert, out var certificate);
        var hasKey = values.TryGet(TlsKey, out var key);
        if (hasCertificate != hasKey)
        {
            var (given, missing) = hasCertificate ? (TlsCert, TlsKey) : (TlsKey, TlsCert);
            throw new InvalidInputException(given.Flag, $"found without {missing.Flag}, expected both or neither");
        }

        return hasCertificate
            ? TlsIdentity.Read(FileText.Read(certificate, "the certificate"), FileText.Read(key, "the certificate's key"), certificate, key)
            : null;
    }
}
