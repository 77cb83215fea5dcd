using Rectune.Core.Domain;
using Rectune.Core.Units;
using Rectune.Engine.Serving.Http;

namespace Rectune.Cli;

/// <summary>The settings that say where and how a plan is served over HTTP.</summary>
internal static class HttpSettings
{
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

    public static IReadOnlyList<Setting> All { get; } = [Urls, MaxQuery, MaxConnections, DrainTime, TlsCert, TlsKey, TokenFile, LogFile, Otlp];

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
            Limits = new ConnectionLimits { MaxConnections = values.Get(MaxConnections) },
            Otlp = values.TryGet(Otlp, out var collector) ? collector : null,
            DrainTimeout = TimeSpan.FromSeconds(values.Get(DrainTime).Seconds),
            Clock = clock,
        };
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
