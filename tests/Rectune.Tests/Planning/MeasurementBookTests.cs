using System.Reflection;
using Rectune.Core.Domain;
using Rectune.Core.Planning;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Planning;

public sealed class MeasurementBookTests
{
    /// <summary>Another value for every field of a key, and whether a row that has it still answers the question.</summary>
    private static readonly Dictionary<string, (Func<ProfileKey, ProfileKey> Mutate, bool Answers)> Mutations = new()
    {
        [nameof(ProfileKey.Configuration)] = (key => key with { Configuration = key.Configuration with { Threads = 7 } }, true),
        [nameof(ProfileKey.Batch)] = (key => key with { Batch = 77 }, true),
        [nameof(ProfileKey.Skew)] = (key => key with { Skew = "uniform" }, false),
        [nameof(ProfileKey.ModelSha256)] = (key => key with { ModelSha256 = "other" }, false),
        [nameof(ProfileKey.Weights)] = (key => key with { Weights = "random:2" }, false),
        [nameof(ProfileKey.MachineFingerprint)] = (key => key with { MachineFingerprint = "other" }, false),
        [nameof(ProfileKey.RuntimeFingerprint)] = (key => key with { RuntimeFingerprint = "other" }, false),
    };

    [Fact]
    public void Add_EveryFieldOfTheKeyMutated_KeepsOnlyRowsOfTheQuestion()
    {
        var fields = typeof(ProfileKey).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => p.Name);
        Assert.Equal(fields.Order(), Mutations.Keys.Order());
        var row = SampleRecords.Row();
        foreach (var (field, (mutate, answers)) in Mutations)
        {
            var book = new MeasurementBook(row.Key);
            var mutated = row with { Key = mutate(row.Key) };
            Assert.NotEqual(row.Key, mutated.Key);
            Assert.True(book.Add(mutated) == answers, field);
            Assert.Equal(answers ? 1 : 0, book.Rows.Count());
        }
    }

    [Fact]
    public void Add_RowOfAnotherWayOfMeasuring_IsCountedAndNotMixed()
    {
        var runtime = SampleRecords.Machine().Runtime;
        var row = SampleRecords.Row();
        var book = new MeasurementBook(row.Key with { RuntimeFingerprint = (runtime with { Measuring = 2 }).MeasuringFingerprint() });
        Assert.False(book.Add(row));
        Assert.False(book.Add(row with { Key = row.Key with { RuntimeFingerprint = (runtime with { Measuring = 3 }).MeasuringFingerprint() } }));
        Assert.Equal(2, book.TakenOtherwise);
        Assert.Empty(book.Rows);

        // Another runtime, and another question, are no matter of how it was measured.
        book.Add(row with { Key = row.Key with { RuntimeFingerprint = (runtime with { Dotnet = "9.0.0" }).MeasuringFingerprint() } });
        book.Add(row with { Key = row.Key with { Skew = "uniform" } });
        Assert.Equal(2, book.TakenOtherwise);
    }

    [Fact]
    public void Question_EveryPartOfTheRequest_EntersTheKey()
    {
        var request = PlanScript.Request();
        var key = Planner.Question(request);
        Assert.Equal("zipf:1.05", key.Skew);
        Assert.Equal(request.Model.Sha256, key.ModelSha256);
        Assert.Equal("random:1", key.Weights);
        Assert.Equal(request.Machine.Fingerprint, key.MachineFingerprint);
        Assert.Equal(request.Machine.Runtime.Fingerprint(), key.RuntimeFingerprint);
        var runtime = request.Machine.Runtime with { Measuring = 2 };
        Assert.Equal($"{runtime.Fingerprint()};measuring/2", Planner.Question(request with { Machine = request.Machine with { Runtime = runtime } }).RuntimeFingerprint);
    }

    [Fact]
    public void Add_SameKeyAgain_KeepsTheLatest()
    {
        var row = SampleRecords.Row();
        var book = new MeasurementBook(row.Key);
        book.Add(row);
        book.Add(row with { YardstickUs = 55 });
        Assert.Equal(55, Assert.Single(book.Of(row.Key.Configuration)).YardstickUs);
    }

    [Fact]
    public void Of_RowsInAnyOrder_AscendsByBatch()
    {
        var row = SampleRecords.Row();
        var book = new MeasurementBook(row.Key);
        foreach (var batch in new[] { 256, 1, 64 })
        {
            book.Add(row with { Key = row.Key with { Batch = batch } });
        }

        Assert.Equal([1, 64, 256], book.Of(row.Key.Configuration).Select(r => r.Key.Batch));
        Assert.Empty(book.Of(row.Key.Configuration with { Instances = 9 }));
    }

    [Fact]
    public void Covers_OneBatchMissing_IsFalse()
    {
        var row = SampleRecords.Row();
        var book = new MeasurementBook(row.Key);
        book.Add(row);
        Assert.True(book.Covers(row.Key.Configuration, [128]));
        Assert.False(book.Covers(row.Key.Configuration, [128, 256]));
        Assert.False(book.Covers(row.Key.Configuration with { Instances = 9 }, [128]));
    }
}
