using Rectune.Cli;
using Xunit;

namespace Rectune.Tests.Cli;

public sealed class QualitySettingsTests
{
    [Fact]
    public void Known_RepresentationsWithAndWithoutParameters_AreReadByTheirCanonicalNames()
    {
        Assert.Empty(QualitySettings.Known.Read("table=0.7879, dhe(k=512,decoder=256-128)=0.7894", out var value));
        var known = Assert.IsType<IReadOnlyDictionary<string, double>>(value, exactMatch: false);
        Assert.Equal(0.7879, known["table"]);
        Assert.Equal(0.7894, known["dhe(decoder=256-128,k=512)"]);
        Assert.Equal(2, known.Count);
    }

    [Theory]
    [InlineData("table", "'table'")]
    [InlineData("table=1.2", "between 0 and 1")]
    [InlineData("tabel=0.7", "tabel")]
    [InlineData("table=0.7,table=0.8", "twice")]
    [InlineData("=0.7", "'=0.7'")]
    public void Known_Malformed_SaysWhatWasFound(string text, string expected) => Assert.Contains(QualitySettings.Known.Read(text, out _), problem => problem.Contains(expected, StringComparison.Ordinal));

    [Theory]
    [InlineData("accuracy=0.789", "accuracy", 0.789)]
    [InlineData("auc=0.8", "auc", 0.8)]
    public void Least_MetricAndNumber_AreRead(string text, string metric, double least)
    {
        Assert.Empty(QualitySettings.Least.Read(text, out var value));
        Assert.Equal(KeyValuePair.Create(metric, least), value);
    }

    [Theory]
    [InlineData("0.789")]
    [InlineData("accuracy=2")]
    [InlineData("logloss=0.4")]
    public void Least_Malformed_SaysWhatIsExpected(string text) => Assert.Contains("accuracy=N", Assert.Single(QualitySettings.Least.Read(text, out _)), StringComparison.Ordinal);
}
