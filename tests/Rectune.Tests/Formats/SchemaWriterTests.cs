using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Formats;

public sealed class SchemaWriterTests
{
    public static TheoryData<string, string> Schemas => new()
    {
        { "plan", SchemaWriter.Write<Plan>() },
        { "card", SchemaWriter.Write<ModelCard>() },
        { "measurement", SchemaWriter.Write<MeasurementRow>() },
        { "failure", SchemaWriter.Write<MeasurementFailure>() },
        { "profile", SchemaWriter.Write<Profile>() },
        { "limits", SchemaWriter.Write<MachineLimits>() },
        { "space", SchemaWriter.Write<SpaceDescription>() },
    };

    /// <summary>Golden: the committed schema is the generated one. RECTUNE_ACCEPT=1 rewrites it.</summary>
    [Theory]
    [MemberData(nameof(Schemas))]
    public void Write_EachFileKind_EqualsTheCommittedSchema(string name, string generated)
    {
        var file = RepositoryFiles.Path("src", "Rectune.Core", "Formats", "Schemas", $"{name}.schema.json");
        if (RepositoryFiles.Accepting)
        {
            File.WriteAllText(file, generated);
        }

        Assert.Equal(File.ReadAllText(file), generated);
    }

    [Fact]
    public void Write_Record_RequiresWhatTheReaderRequires()
    {
        var schema = Newtonsoft.Json.Linq.JObject.Parse(SchemaWriter.Write<SparseFeature>());
        Assert.Equal(["name", "rows", "dim"], schema["required"]!.Select(r => (string)r!));
        Assert.False((bool)schema["additionalProperties"]!);
        Assert.Equal("integer", (string)schema["properties"]!["lookups"]!["type"]!);
    }
}
