using Rectune.Core.Domain;
using Rectune.Core.Units;
using Rectune.Core.Workloads;
using Rectune.Engine.Load.Http;
using Rectune.Engine.Validation;

namespace Rectune.Cli;

/// <summary>The settings of <c>rectune bench</c>.</summary>
internal static class BenchSettings
{
    private const string BinaryName = "binary";
    private const string JsonName = "json";

    /// <summary>Ids that nearly every table has.</summary>
    private const int SmallIdBound = 2;

    private static readonly SettingOf<string> Name = new(SettingKinds.Text)
    {
        Name = "name",
        Metavar = "NAME",
        Description = "The model's name as the server has it",
        Otherwise = "that of --model",
    };

    private static readonly SettingOf<int> MaxId = new(SettingKinds.Count)
    {
        Name = "max-id",
        Metavar = "N",
        Description = "Without --model: ids are drawn uniformly from 0 to N - 1, reals from [0, 1)",
        Otherwise = "2, which nearly every table has",
    };

    private static readonly SettingOf<SlaChoice> Target = new(SlaChoice.Read)
    {
        Name = "sla",
        Metavar = "TARGET",
        Description = "Latency target such as p99=20ms; 'default' takes the card's of --model",
        Default = "default",
    };

    private static readonly SettingOf<IReadOnlyList<double>> Qps = new(SettingKinds.ListOf<double>(SettingKinds.Rate))
    {
        Name = "qps",
        Metavar = "N,…",
        Description = "Offered loads, queries/s, joined by commas: driven one after the other in this order",
        Otherwise = "the highest rate that holds the target is looked for",
    };

    private static readonly SettingOf<Duration> For = new(SettingKinds.Time)
    {
        Name = "for",
        Metavar = "TIME",
        Description = "Longest time under load at each rate, warm-up included",
        Otherwise = "20s, longer where the rate is too low to certify so soon",
    };

    private static readonly SettingOf<SizesChoice> Sizes = new(SizesChoice.Read)
    {
        Name = "workload",
        Metavar = "SIZES",
        Description = $"Query sizes: {string.Join(", ", SizesChoice.Names)}",
        Default = SizesChoice.Names[0],
        Suggestions = SizesChoice.Names,
    };

    private static readonly SettingOf<ArrivalsChoice> Arrivals = new(ArrivalsChoice.Read)
    {
        Name = "arrivals",
        Metavar = "PROCESS",
        Description = $"How queries arrive: {string.Join(", ", ArrivalsChoice.Names)}",
        Default = ArrivalsChoice.Names[0],
        Suggestions = ArrivalsChoice.Names,
    };

    private static readonly SettingOf<SkewChoice> Skew = new(SkewChoice.Read)
    {
        Name = "skew",
        Metavar = "SKEW",
        Description = $"With --model, how unevenly ids are used: {string.Join(", ", SkewText.Names)}; 'default' takes the card's",
        Default = "default",
        Suggestions = ["default", .. SkewText.Names],
    };

    private static readonly SettingOf<ulong> Seed = new(SettingKinds.Seed)
    {
        Name = "seed",
        Metavar = "N",
        Description = "Seed of candidates, requests and schedules",
        Default = "1",
    };

    private static readonly SettingOf<string> Encoding = new(SettingKinds.OneOf(BinaryName, JsonName))
    {
        Name = "encoding",
        Metavar = "NAME",
        Description = "How tensors are carried: binary (the binary tensor data extension) or json",
        Default = BinaryName,
        Suggestions = [BinaryName, JsonName],
    };

    private static readonly SettingOf<int> Connections = new(SettingKinds.CountUpTo(60_000))
    {
        Name = "connections",
        Metavar = "N",
        Description = "Most queries under way, over HTTP/1.1 each on a connection of its own; opened as they are needed",
        Default = "1024",
    };

    private static readonly SettingOf<Duration> Timeout = new(SettingKinds.Time)
    {
        Name = "timeout",
        Metavar = "TIME",
        Description = "A query without an answer by then has failed, and its connection is closed",
        Otherwise = "five times the target's limit, at least 1s",
    };

    private static readonly SettingOf<string> TokenFile = new(SettingKinds.Text)
    {
        Name = "token-file",
        Metavar = "FILE",
        Description = "File with a token that every request carries as 'Authorization: Bearer'",
        Otherwise = "no token is sent",
    };

    private static readonly SettingOf<string> Ca = new(SettingKinds.Text)
    {
        Name = "ca",
        Metavar = "FILE",
        Description = "Certificates that may have signed that of an https:// server, PEM; the server's own where it signs itself",
        Otherwise = "those that the system trusts",
    };

    private static readonly SettingOf<string> Csv = new(SettingKinds.Text)
    {
        Name = "csv",
        Metavar = "FILE",
        Description = "Write a table of the rates as well",
        Otherwise = "none",
    };

    public static IReadOnlyList<Setting> All { get; } =
        [.. ModelSettings.Optional, Name, MaxId, Target, Qps, For, Sizes, Arrivals, Skew, Seed, Encoding, QualitySettings.Asked, Connections, Timeout, TokenFile, Ca, Csv];

    public static BenchOptions Of(string url, SettingValues values)
    {
        var card = ModelSettings.MaybeOf(values) is { } choice ? CardOf(choice) : null;
        var sla = values.Get(Target).Sla ?? CardsTarget(card);
        var csv = values.TryGet(Csv, out var file) ? file : null;
        if (csv is not null)
        {
            FileText.RequireFolder(csv, "the table", Csv.Flag);
        }

        return new BenchOptions
        {
            Url = url,
            Access = AccessOf(values),
            Name = values.TryGet(Name, out var name) ? name : card?.Name ?? throw new InvalidInputException(Name.Flag, "is required without --model", "say how the server calls its model"),
            Card = card,
            Sla = sla,
            Qps = values.TryGet(Qps, out var rates) ? rates : [],
            For = values.TryGet(For, out var time) ? time : null,
            Load = QueryLoad.Open(values.Get(Arrivals), values.Get(Sizes)),
            Skew = SkewOf(values, card),
            IdBound = IdBoundOf(values, card),
            Seed = values.Get(Seed),
            Encoding = values.Get(Encoding) == BinaryName ? TensorEncoding.Binary : TensorEncoding.Json,
            QualityMin = values.TryGet(QualitySettings.Asked, out var least) ? least : null,
            Connections = values.Get(Connections),
            Timeout = TimeoutOf(values, sla),
            Csv = csv,
        };
    }

    private static ServerAccess AccessOf(SettingValues values)
    {
        var tokenFile = values.TryGet(TokenFile, out var token) ? token : null;
        var rootsFile = values.TryGet(Ca, out var ca) ? ca : null;
        return ServerAccess.Read(
            tokenFile is null ? null : FileText.Read(tokenFile, "the token"), tokenFile, rootsFile is null ? null : FileText.Read(rootsFile, "the certificate"), rootsFile);
    }

    private static ModelCard CardOf(ModelChoice choice) => ModelSource.IsModelFile(choice.Name)
        ? throw new InvalidInputException("--model", $"found the model file '{choice.Name}', expected a built-in model or a card", "leave it out and say --name: what the model takes is then asked of the server")
        : ModelSource.Card(choice);

    private static Sla CardsTarget(ModelCard? card) => card is null
        ? throw new InvalidInputException(Target.Flag, "is required without --model, whose card has a target", "such as --sla p99=20ms")
        : new Sla { Percentile = card.Sla.Percentile, LimitMs = card.Sla.LimitMs };

    private static IndexSkew? SkewOf(SettingValues values, ModelCard? card)
    {
        var skew = values.Get(Skew).Skew;
        return skew is null || card is not null ? skew : throw new InvalidInputException(values.Of(Skew).Where, $"found '{values.Of(Skew).Text}' without --model", "name the model, or leave it out");
    }

    private static int IdBoundOf(SettingValues values, ModelCard? card)
    {
        if (!values.TryGet(MaxId, out var bound))
        {
            return SmallIdBound;
        }

        return card is null ? bound : throw new InvalidInputException(values.Of(MaxId).Where, $"found {bound} beside --model, whose card says which ids there are", "leave one of them out");
    }

    private static Duration TimeoutOf(SettingValues values, Sla sla)
    {
        if (!values.TryGet(Timeout, out var timeout))
        {
            return Duration.FromMilliseconds(LiveLoad.Patience(sla).TotalMilliseconds / 2);
        }

        return timeout.Milliseconds >= sla.LimitMs
            ? timeout
            : throw new InvalidInputException(values.Of(Timeout).Where, $"found {timeout}, expected at least the limit of {sla}", "a query must not fail while it could still meet the target");
    }
}
