using NJsonSchema;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Formats;

public sealed class MeasurementFormatTests
{
    private static readonly string Line = MeasurementFormat.WriteLine(SampleRecords.Row());

    [Fact]
    public async Task WriteLine_Row_IsOneLineThatSatisfiesTheSchema()
    {
        Assert.DoesNotContain('\n', Line);
        Assert.Equal(Line, MeasurementFormat.WriteLine(MeasurementFormat.ReadLine(Line, "j", 1)));
        var schema = await JsonSchema.FromJsonAsync(SchemaTexts.Measurement, TestContext.Current.CancellationToken);
        Assert.Empty(schema.Validate(Line));
    }

    [Fact]
    public void ReadJournal_LastLineTorn_KeepsTheOthers()
    {
        var rows = MeasurementFormat.ReadJournal($"{Line}\n{Line}\n{Line[..40]}", "j", out var torn);
        Assert.Equal(2, rows.Count);
        Assert.True(torn);
        Assert.Equal(2, MeasurementFormat.ReadJournal($"{Line}\n{Line}\n", "j", out torn).Count);
        Assert.False(torn);
        Assert.Empty(MeasurementFormat.ReadJournal("", "j", out torn));
        Assert.False(torn);
    }

    [Fact]
    public void ReadJournal_BrokenLines_AreReportedWithTheirNumbers()
    {
        var negative = Line.Replace("815.5", "-815.5", StringComparison.Ordinal);
        var problems = Assert.Throws<InvalidInputException>(() => MeasurementFormat.ReadJournal($"{Line}\n{Line[..40]}\n{negative}\n", "j", out _)).Problems;
        Assert.Equal(2, problems.Count);
        Assert.StartsWith("j(2,41)", problems[0].Where, StringComparison.Ordinal);
        Assert.StartsWith("j(3,", problems[1].Where, StringComparison.Ordinal);
        Assert.EndsWith("$.serviceUs[0]", problems[1].Where, StringComparison.Ordinal);
    }
}
