namespace Rectune.Core.Formats;

/// <summary>The JSON Schemas as shipped.</summary>
public static class SchemaTexts
{
    public static string Plan => Read("plan");

    public static string Card => Read("card");

    public static string Measurement => Read("measurement");

    private static string Read(string name)
    {
        using var stream = typeof(SchemaTexts).Assembly.GetManifestResourceStream($"schemas/{name}.schema.json")
            ?? throw new InvalidOperationException($"the schema {name} was not built in");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
