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
        Assert.Equal(Line, MeasurementFormat.WriteLine(RecordText.Read<MeasurementRow>(Line, "j")));
        var schema = await JsonSchema.FromJsonAsync(SchemaTexts.Measurement, TestContext.Current.CancellationToken);
        Assert.Empty(schema.Validate(Line));
    }
}
