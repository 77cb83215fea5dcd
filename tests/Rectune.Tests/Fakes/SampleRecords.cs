using Rectune.Core.Domain;
using Rectune.Core.Formats;

namespace Rectune.Tests.Fakes;

/// <summary>Small valid records of every file kind.</summary>
public static class SampleRecords
{
    public static ModelCard Card() => new()
    {
        Schema = ModelCard.SchemaName,
        Name = "small",
        Description = "two tables",
        Source = "made for tests",
        DenseFeatures = 3,
        Sparse = [new SparseFeature { Name = "C1", Rows = 10, Dim = 4 }, new SparseFeature { Name = "C2", Rows = 7, Dim = 4, Lookups = 3 }],
        BottomMlp = [8, 4],
        Interaction = InteractionKind.Dot,
        TopMlp = [8, 1],
        Skew = new CardSkew { ZipfExponent = 1.05, Source = Provenance.Assumed, Where = "tests" },
        Sla = new CardSla { Percentile = 99, LimitMs = 20, Source = Provenance.Assumed, Where = "tests" },
        Quality = new Quality { Metric = "accuracy", Value = 0.75, Source = Provenance.Published, Where = "tests" },
    };

    public static Configuration Configuration() => new()
    {
        Representation = Representation.Table,
        TablePrecision = TablePrecision.Fp16,
        Device = "cpu",
        Threads = 1,
        Instances = 2,
    };

    public static Machine Machine() => new()
    {
        Id = "test-2c-abcdef",
        Fingerprint = TextHash.Sha256("machine"),
        Cpu = new Cpu { Name = "Test CPU", Architecture = "x64", Cores = 2, NumaNodes = 1, InstructionSets = ["avx2"] },
        Caches = new CacheSizes { L1DataBytes = 32768, L3Bytes = 33554432 },
        MemoryBytes = 8L << 30,
        Devices = [new Device { Id = "cpu", Name = "Test CPU", MemoryBytes = 8L << 30, Usable = true }],
        Runtime = new RuntimeVersions { Rectune = "0.1.0", OnnxRuntime = "1.29.0", Dotnet = "10.0.0", OperatingSystem = "Test OS 1" },
    };

    public static ServiceTerms Terms() => new() { PrepareUs = 12.5, ComputeUs = 800, EmbeddingUs = 90.25, CopyOutUs = 1 };

    public static Performance Performance(Provenance source) => new()
    {
        OfferedQps = 1250,
        GoodputQps = new Estimate { Value = 1249, Low = 1240, High = 1250, Source = source },
        P50Ms = new Estimate { Value = 2.25, Low = 2, High = 2.5, Source = source },
        OverLimitShare = new Estimate { Value = 0.004, Low = 0.003, High = 0.006, Source = source },
    };

    public static MachineLimits Limits() => new()
    {
        Schema = MachineLimits.SchemaName,
        MachineFingerprint = "machine",
        RuntimeFingerprint = "runtime",
        Stream = [new StreamLimit { Threads = 1, GigabytesPerSecond = 20 }, new StreamLimit { Threads = 2, GigabytesPerSecond = 30 }],
        Fetch =
        [
            new FetchLimit { Threads = 1, RowBytes = 64, RowsPerSecond = 40e6 },
            new FetchLimit { Threads = 1, RowBytes = 128, RowsPerSecond = 20e6 },
            new FetchLimit { Threads = 2, RowBytes = 64, RowsPerSecond = 80e6 },
        ],
        Products =
        [
            new ProductLimit { Threads = 1, Precision = "fp32", Size = 512, Gflops = 100 },
            new ProductLimit { Threads = 2, Precision = "fp32", Size = 512, Gflops = 200 },
            new ProductLimit { Threads = 1, Precision = "int8", Size = 512, Gflops = 300 },
        ],
        WakeUpUs = 25,
        GraphRunUs = 5,
        MeasuredAt = "2026-01-01T00:00:00Z",
    };

    public static MeasurementRow Row() => new()
    {
        Schema = MeasurementRow.SchemaName,
        Key = new ProfileKey
        {
            Configuration = Configuration(),
            Batch = 128,
            Skew = "zipf:1.05",
            ModelSha256 = CardFormat.Sha256(Card()),
            Weights = "random:1",
            MachineFingerprint = Machine().Fingerprint,
            RuntimeFingerprint = Machine().Runtime.Fingerprint(),
        },
        Terms = Terms(),
        ServiceUs = [815.5, 813.75, 820],
        DisturbedUs = [],
        Disturbance = new Disturbance { StealMs = 0, InvoluntarySwitches = 3 },
        YardstickUs = 101.5,
        MedianRelativeError = 0.01,
        MeasuredAt = "2026-01-02T03:04:05Z",
    };

    /// <summary>A sealed plan.</summary>
    public static Plan Plan()
    {
        var card = Card();
        var quality = card.Quality!;
        return PlanFormat.Seal(new Plan
        {
            Schema = Rectune.Core.Domain.Plan.SchemaName,
            Sha256 = "",
            Model = new PlanModel { Name = card.Name, Card = card, Sha256 = CardFormat.Sha256(card), Weights = "random:1" },
            Sla = new Sla { Percentile = 99, LimitMs = 20 },
            Workload = new Workload
            {
                Arrivals = "poisson",
                Sizes = "deeprecsys-prod",
                Skew = new IndexSkew { Kind = SkewKind.Zipf, ZipfExponent = 1.05, Source = Provenance.Assumed },
            },
            Seed = 18446744073709551615,
            Objective = "goodput",
            Promise = new Promise { Qps = 1250, Percentile = 99, LimitMs = 20, Confidence = 0.99, Boundary = "in-process" },
            CapacityQps = new Estimate { Value = 1400.5, Low = 1350, High = 1450, Source = Provenance.Interpolated },
            Machines = [Machine()],
            Paths =
            [
                new ServingPath
                {
                    Id = "p1",
                    Machine = Machine().Id,
                    Configuration = Configuration(),
                    MaxBatch = 256,
                    MemoryBytes = 123456,
                    Quality = quality,
                    MaxScoreChange = 0.0005,
                    Service = new ServiceCurve
                    {
                        Points =
                        [
                            new ServicePoint { Batch = 1, MedianUs = 50, P99Us = 61.5, Terms = Terms() },
                            new ServicePoint { Batch = 128, MedianUs = 813.75, P99Us = 900, Terms = Terms() },
                        ],
                        Residuals = [0.9, 1, 1.25],
                        Source = Provenance.Measured,
                    },
                },
            ],
            Scheduler = new SchedulerSettings { Policy = "static", Instances = 2, SplitSamples = 128, MaxBatch = 256, BatchWindowUs = 0, QueueLimit = 64 },
            Predicted = Performance(Provenance.Interpolated),
            Validated = new Validation
            {
                Verdict = Verdict.Met,
                Measured = Performance(Provenance.Measured),
                Queries = 25000,
                Replications = 4,
                Generator = new GeneratorReport { LatenessP50Us = 3, LatenessP99Us = 55.5, LatenessMaxUs = 180, CpuShare = 0.02, Limiting = false },
                Because = "0.40 % of 25000 queries over the limit, at most 1 % allowed",
            },
            Frontier =
            [
                new FrontierEntry
                {
                    PathId = "p1",
                    Configuration = Configuration(),
                    MaxBatch = 256,
                    SplitSamples = 128,
                    PromiseQps = new Estimate { Value = 1250, Low = 1200, High = 1300, Source = Provenance.Interpolated },
                    Quality = quality,
                    MemoryBytes = 123456,
                    Cores = 2,
                    Chosen = true,
                    Why = "highest goodput",
                },
            ],
            Provenance = new PlanProvenance
            {
                Version = "0.1.0",
                Runtime = "onnxruntime/1.29.0",
                SpaceSha256 = TextHash.Sha256("space"),
                ProfileSha256 = TextHash.Sha256("profile"),
                Measured = 6,
                Total = 24,
                WallTimeS = 55.5,
                Date = "2026-01-02T03:04:05Z",
            },
        });
    }
}
