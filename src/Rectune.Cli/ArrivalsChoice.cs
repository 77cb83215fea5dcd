using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Workloads;

namespace Rectune.Cli;

/// <summary>An arrival process given by the user: by name, or as a file to repeat.</summary>
/// <param name="Text">As given.</param>
internal sealed record ArrivalsChoice(string Text)
{
    private const string Trace = "trace:";

    /// <summary>For commands that read a plan.</summary>
    public static readonly SettingOf<ArrivalsChoice> Moved = new(Read)
    {
        Name = "arrivals",
        Metavar = "trace:FILE",
        Description = "The trace of arrivals that the plan was made with, where it has moved",
        Otherwise = "the file that the plan names",
    };

    /// <summary>What may be asked for, default first.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. ArrivalCatalog.Names, "trace:FILE"];

    public static IReadOnlyList<string> Read(string text, out ArrivalsChoice value)
    {
        value = new ArrivalsChoice(text);
        return FileOf(text) is { Length: > 0 } || ArrivalCatalog.TryParse(text, out _, out var problem) ? [] : [$"{problem}; or {Names[^1]}"];
    }

    /// <summary>The process, and the trace that it repeats; reads the file where it is one.</summary>
    public (IArrivals Arrivals, ArrivalTrace? Trace) Open()
    {
        if (FileOf(Text) is not { } file)
        {
            return ArrivalCatalog.TryParse(Text, out var arrivals, out var problem) ? (arrivals, null) : throw new InvalidInputException("--arrivals", problem);
        }

        var text = FileText.Read(file, "the trace of arrivals (--arrivals trace:FILE)");
        var repeated = new TraceArrivals("trace", QueryTrace.Instants(text, file));
        return (repeated, new ArrivalTrace { File = file, Sha256 = TextHash.Sha256(text), Queries = repeated.Count });
    }

    /// <summary>A plan's own process: the trace is read again and must be the same.</summary>
    /// <param name="moved">Where the plan's trace has moved to; null where it has not.</param>
    public static (IArrivals Arrivals, ArrivalTrace? Trace) Of(Workload workload, ArrivalsChoice? moved)
    {
        if (workload.ArrivalTrace is not { } planned)
        {
            return moved is null
                ? new ArrivalsChoice(workload.Arrivals).Open()
                : throw new InvalidInputException("--arrivals", "the plan was made without a trace of arrivals", "leave it out, or plan again with it");
        }

        var (arrivals, found) = (moved ?? new ArrivalsChoice(Trace + planned.File)).Open();
        return found?.Sha256 == planned.Sha256
            ? (arrivals, found)
            : throw new InvalidInputException(
                moved is null ? planned.File : $"--arrivals {moved.Text}",
                found is null ? "found no trace" : $"found a trace with SHA-256 {found.Sha256}, the plan was made with {planned.Sha256}",
                "name the plan's own trace with --arrivals trace:FILE, or plan again");
    }

    private static string? FileOf(string text) => text.StartsWith(Trace, StringComparison.Ordinal) ? text[Trace.Length..] : null;
}
