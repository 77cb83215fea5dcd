using Rectune.Core.Domain;
using Rectune.Core.Planning;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Planning;

/// <summary>Measurements that several processes take parts of.</summary>
public sealed class LaunchedRowsTests
{
    private readonly MeasurementBook book = new(SampleRecords.Row().Key);

    [Fact]
    public void Add_PartsOfOneSession_MakeOneMeasurementWhenAllAreThere()
    {
        var configuration = SampleRecords.Row().Key.Configuration;
        Assert.True(book.Add(Part("s", 1, [10, 20])));
        Assert.False(book.Covers(configuration, [128]));
        Assert.Equal("s", book.Unfinished([configuration], [128], of: 2));
        Assert.Null(book.Unfinished([configuration], [128], of: 3));
        Assert.Null(book.Unfinished([configuration], [64], of: 2));
        Assert.Null(book.Unfinished([], [128], of: 2));
        Assert.True(book.Covers(configuration, [128], LaunchPlace.At("s", 1, 2)));
        Assert.False(book.Covers(configuration, [128], LaunchPlace.At("s", 2, 2)));
        Assert.False(book.Covers(configuration, [128], LaunchPlace.At("t", 1, 2)));

        Assert.True(book.Add(Part("s", 2, [30, 40, 50])));
        Assert.True(book.Covers(configuration, [128]));
        Assert.Null(book.Unfinished([configuration], [128], of: 2));
        var merged = Assert.Single(book.Of(configuration));
        Assert.Equal([10, 20, 30, 40, 50], merged.ServiceUs);
        Assert.Null(merged.Launch);
        Assert.Equal(merged, Assert.Single(book.Rows));
    }

    [Fact]
    public void Add_AnotherSession_ReplacesTheWholeMeasurement()
    {
        book.Add(Part("s", 1, [10]));
        book.Add(Part("s", 2, [20]));
        book.Add(Part("t", 1, [70]));
        Assert.Equal([70.0], Assert.Single(book.Rows).ServiceUs);
        book.Add(SampleRecords.Row());
        Assert.Equal(SampleRecords.Row().ServiceUs, Assert.Single(book.Rows).ServiceUs);
    }

    /// <summary>Medians 100, 110 and 120: mean 110, standard error 10/√3, t of 2 degrees of freedom at 97.5 % = 4.30265.</summary>
    [Fact]
    public void Merged_ProcessesDiffer_IntervalIsThatBetweenThem()
    {
        foreach (var (number, us) in new[] { (1, 100.0), (2, 110.0), (3, 120.0) })
        {
            book.Add(Part("s", number, [.. Enumerable.Repeat(us, 50)], of: 3) with { MedianRelativeError = 0.001 });
        }

        Assert.Equal(4.30265 * 10 / Math.Sqrt(3) / 110, Assert.Single(book.Rows).MedianRelativeError, 4);
    }

    [Fact]
    public void Merged_ProcessesAgree_IntervalIsThatOfTheRuns()
    {
        // Of 100 runs, the 40th smallest and largest enclose the median with 95 %: 90 … 110 here, whichever process took them.
        double[] runs = [.. Enumerable.Repeat(80.0, 39), 90, .. Enumerable.Repeat(100.0, 20), 110, .. Enumerable.Repeat(120.0, 39)];
        book.Add(Part("s", 1, [.. runs.Where((_, i) => i % 2 == 0)]));
        book.Add(Part("s", 2, [.. runs.Where((_, i) => i % 2 == 1)]));
        Assert.Equal(0.1, Assert.Single(book.Rows).MedianRelativeError, 5);
    }

    [Fact]
    public void Merged_TooFewRunsForAnInterval_IsWhollyUncertain()
    {
        book.Add(Part("s", 1, [100]));
        book.Add(Part("s", 2, [100]));
        Assert.Equal(1, Assert.Single(book.Rows).MedianRelativeError);
    }

    [Fact]
    public void Merged_Counters_AreSumsAndAbsentWhereNobodyCounted()
    {
        var part = Part("s", 1, [100]) with { Disturbance = new Disturbance { StealMs = 2, InvoluntarySwitches = 3 }, MaxScoreChange = 0.5 };
        book.Add(part);
        book.Add(part with { Launch = LaunchPlace.At("s", 2, 2), MaxScoreChange = null });
        var merged = Assert.Single(book.Rows);
        Assert.Equal(new Disturbance { StealMs = 4, InvoluntarySwitches = 6 }, merged.Disturbance);
        Assert.Equal(0.5, merged.MaxScoreChange);
        Assert.Equal(part.Terms, merged.Terms);
    }

    /// <summary>Every field of the key matters: a row that differs in any one of them answers another question.</summary>
    [Fact]
    public void Add_AnyFieldOfTheKeyDiffers_IsNoHit()
    {
        var key = SampleRecords.Row().Key;
        ProfileKey[] others =
        [
            key with { Skew = "zipf:0.5" },
            key with { ModelSha256 = new string('0', 64) },
            key with { Weights = "random:2" },
            key with { MachineFingerprint = new string('1', 64) },
            key with { RuntimeFingerprint = "other" },
        ];
        Assert.All(others, other => Assert.False(book.Add(SampleRecords.Row() with { Key = other })));
        var members = typeof(ProfileKey).GetProperties().Where(member => member.SetMethod is not null).Select(member => member.Name);
        Assert.Equal(["Configuration", "Batch", "Skew", "ModelSha256", "Weights", "MachineFingerprint", "RuntimeFingerprint"], members);

        book.Add(SampleRecords.Row());
        Assert.All(Mutations(key.Configuration), configuration => Assert.False(book.Covers(configuration, [128]), configuration.Id()));
        Assert.False(book.Covers(key.Configuration, [127]));
        Assert.True(book.Covers(key.Configuration, [128]));
    }

    private static IEnumerable<Configuration> Mutations(Configuration configuration)
    {
        Configuration[] mutations =
        [
            configuration with { Representation = new Representation { Kind = "dhe" } },
            configuration with { TablePrecision = configuration.TablePrecision == TablePrecision.Int4 ? TablePrecision.Fp32 : TablePrecision.Int4 },
            configuration with { DensePrecision = "int8" },
            configuration with { GraphVariant = "unfused" },
            configuration with { Device = "cuda:7" },
            configuration with { Placement = TablePlacement.Mapped },
            configuration with { Threads = configuration.Threads + 1 },
            configuration with { Instances = configuration.Instances + 1 },
            configuration with { CacheBytes = configuration.CacheBytes + 1 },
            configuration with { Centroids = 64 },
            configuration with { Runtime = configuration.Runtime with { Spinning = !configuration.Runtime.Spinning } },
        ];
        var members = typeof(Configuration).GetProperties().Count(member => member.SetMethod is not null);
        Assert.Equal(members, mutations.Length);
        return mutations;
    }

    private static MeasurementRow Part(string session, int number, IReadOnlyList<double> us, int of = 2) =>
        SampleRecords.Row() with { ServiceUs = us, Launch = LaunchPlace.At(session, number, of) };
}
