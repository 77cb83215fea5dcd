using FsCheck;
using FsCheck.Fluent;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Formats;

public sealed class RecordTextTests
{
    private static readonly Config Seeded = Config.QuickThrowOnFailure.WithMaxTest(100).WithReplay(20240229, 7);

    [Fact]
    public void Write_ThenRead_IsIdentityForEveryFileRecord()
    {
        Prop.ForAll<ulong>(seed =>
        {
            RoundTrip(new RandomRecords(seed).Create<Plan>() with { Schema = Plan.SchemaName });
            RoundTrip(new RandomRecords(seed).Create<ModelCard>() with { Schema = ModelCard.SchemaName });
            RoundTrip(new RandomRecords(seed).Create<MeasurementRow>() with { Schema = MeasurementRow.SchemaName });
            RoundTrip(new RandomRecords(seed).Create<Machine>());
        }).Check(Seeded);
    }

    [Fact]
    public void Write_SmallRecord_IsTheCanonicalText()
    {
        var skew = new IndexSkew { Kind = SkewKind.Data, ZipfExponent = 0.1, Source = Provenance.Measured, DataRows = 5000000000 };
        const string expected = """
            {
              "kind": "data",
              "zipfExponent": 0.1,
              "source": "measured",
              "dataRows": 5000000000
            }

            """;
        Assert.Equal(expected, RecordText.Write(skew));
        Assert.Equal("""{"kind":"data","zipfExponent":0.1,"source":"measured","dataRows":5000000000}""", RecordText.WriteLine(skew));
    }

    [Fact]
    public void Write_Choices_AreKebabCase() =>
        Assert.Contains("\"verdict\": \"not-run\"", RecordText.Write(Validation.NotRun("no budget")), StringComparison.Ordinal);

    [Fact]
    public void Write_ListsOfPlainValues_StandOnOneLine() =>
        Assert.Contains("\"bottomMlp\": [8,4],\n", CardFormat.Write(SampleRecords.Card()), StringComparison.Ordinal);

    [Fact]
    public void Write_Map_IsInNameOrder()
    {
        var one = new Representation { Kind = "dhe", Parameters = new Dictionary<string, string> { ["k"] = "1", ["a"] = "2" } };
        Assert.Equal("""{"kind":"dhe","parameters":{"a":"2","k":"1"}}""", RecordText.WriteLine(one));
    }

    [Fact]
    public void Write_NotANumber_IsABug() =>
        Assert.Throws<InvalidOperationException>(() => RecordText.Write(new Sla { Percentile = double.NaN, LimitMs = 1 }));

    [Fact]
    public void Read_LeftOutOptionalMember_KeepsItsDefault() =>
        Assert.Equal(1, RecordText.Read<SparseFeature>("""{"name":"a","rows":2,"dim":4}""", "f").Lookups);

    [Fact]
    public void Read_ManyFaults_ReportsAllInTheOrderOfTheText()
    {
        const string text = """
            {
              "name": 7,
              "rows": 9223372036854775808,
              "dims": 4,
              "lookups": 1.5,
              "rows": 3
            }
            """;
        var problems = Problems<SparseFeature>(text);
        Assert.Equal(
            [
                "f(1,1): $.dim: the member is missing",
                "f(2,11): $.name: found 7, expected a string",
                "f(3,11): $.rows: found 9223372036854775808, expected a whole number from 0 to 9223372036854775807",
                "f(4,3): $.dims: unknown member; did you mean 'dim'?",
                "f(5,14): $.lookups: found 1.5, expected a whole number from 0 to 2147483647",
                "f(6,3): $.rows: the member appears twice; keep one",
            ],
            problems);
    }

    [Theory]
    [InlineData("""{"percentile": "99", "limitMs": 1}""", "$.percentile: found '99', expected a number")]
    [InlineData("""{"percentile": null, "limitMs": 1}""", "$.percentile: found null, expected a number")]
    [InlineData("""{"percentile": 1e999, "limitMs": 1}""", "$.percentile: found 1e999, expected a number within the range of a double")]
    [InlineData("""{"percentile": 99, "limitMs": true}""", "$.limitMs: found true, expected a number")]
    [InlineData("""{"percentile": 99, "limitMs": [1]}""", "$.limitMs: found an array, expected a number")]
    public void Read_WrongType_SaysWhatWasFound(string text, string expected) =>
        Assert.EndsWith(expected, Assert.Single(Problems<Sla>(text)), StringComparison.Ordinal);

    [Theory]
    [InlineData("-1")]
    [InlineData("2147483648")]
    [InlineData("1e2")]
    [InlineData("99999999999999999999999999")]
    [InlineData("\"4\"")]
    public void Read_NumberOutsideItsType_IsRefused(string dim) =>
        Assert.Contains("$.dim", Assert.Single(Problems<SparseFeature>($$"""{"name":"a","rows":2,"dim":{{dim}}}""")), StringComparison.Ordinal);

    [Fact]
    public void Read_UnknownChoice_SuggestsTheNearest()
    {
        var problem = Assert.Single(Problems<Estimate>("""{"value":1,"low":1,"high":1,"source":"mesured"}"""));
        Assert.Contains("found 'mesured', expected one of unknown, measured,", problem, StringComparison.Ordinal);
        Assert.EndsWith("did you mean 'measured'?", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MapWithWrongValue_NamesTheEntry() =>
        Assert.Equal("f(1,40): $.parameters['a b']: found 2, expected a string", Assert.Single(Problems<Representation>("""{"kind":"x","parameters":{"c":"","a b":2}}""")));

    private static IEnumerable<string> Problems<T>(string text)
        where T : class =>
        Assert.Throws<InvalidInputException>(() => RecordText.Read<T>(text, "f")).Problems.Select(p => p.ToString());

    private static void RoundTrip<T>(T record)
        where T : class
    {
        var text = RecordText.Write(record);
        Assert.Equal(text, RecordText.Write(RecordText.Read<T>(text, "f")));
        var line = RecordText.WriteLine(record);
        Assert.DoesNotContain('\n', line);
        Assert.Equal(line, RecordText.WriteLine(RecordText.Read<T>(line, "f")));
    }
}
