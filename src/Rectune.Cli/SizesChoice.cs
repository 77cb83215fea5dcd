using Rectune.Core.Domain;
using Rectune.Core.Workloads;

namespace Rectune.Cli;

/// <summary>Query sizes given by the user: by name, or as a file that holds them.</summary>
/// <param name="Text">As given.</param>
internal sealed record SizesChoice(string Text)
{
    private const string Trace = "trace:";
    private const string Histogram = "histogram:";

    /// <summary>What may be asked for, default first.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. QuerySizeCatalog.Names, "trace:FILE", "histogram:FILE"];

    public static IReadOnlyList<string> Read(string text, out SizesChoice value)
    {
        value = new SizesChoice(text);
        return FileOf(text, Trace) is { Length: > 0 } || FileOf(text, Histogram) is { Length: > 0 } || QuerySizeCatalog.TryParse(text, out _, out var problem) ? [] : [$"{problem}; or {Names[^2]}, {Names[^1]}"];
    }

    /// <summary>The sizes; reads the file where it is one.</summary>
    public IQuerySizes Open()
    {
        if (FileOf(Text, Trace) is { } trace)
        {
            return new EmpiricalSizes(Text, QueryTrace.Sizes(FileText.Read(trace, "the trace of queries"), trace));
        }

        return FileOf(Text, Histogram) is { } histogram ? new EmpiricalSizes(Text, QueryTrace.Histogram(FileText.Read(histogram, "the histogram of query sizes"), histogram))
            : QuerySizeCatalog.TryParse(Text, out var sizes, out var problem) ? sizes
            : throw new InvalidInputException("--workload", problem);
    }

    private static string? FileOf(string text, string prefix) => text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : null;
}
