using System.Globalization;

namespace Rectune.Benchmarks.Serving;

/// <summary>How the comparison server runs.</summary>
/// <param name="Processes">They share the port, each has a session of its own.</param>
/// <param name="Threads">Intra-op threads of a session; 0 leaves it to ONNX Runtime.</param>
/// <param name="MaxBatch">Samples of waiting requests that run together; 0 runs every request by itself.</param>
internal sealed record OrtSetting(int Processes, int Threads, int MaxBatch)
{
    /// <summary>One process a core, and nothing else said.</summary>
    public static OrtSetting Default { get; } = new(Environment.ProcessorCount, 0, 0);

    /// <summary>The defaults, and every division of the cores between processes and threads, and one that leaves a core to the client, each with and without batches.</summary>
    public static IReadOnlyList<OrtSetting> Tried { get; } =
    [
        Default,
        .. Divisions(Environment.ProcessorCount).Distinct().SelectMany(division => Batches.Select(batch => new OrtSetting(division.Processes, division.Threads, batch))),
    ];

    private static int[] Batches => [0, 256, 1024];

    public string ThreadsText => Threads == 0 ? "its own choice" : Threads.ToString(CultureInfo.InvariantCulture);

    public string BatchText => MaxBatch == 0 ? "none" : MaxBatch.ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads <c>2x1x256</c>.</summary>
    public static OrtSetting Parse(string text)
    {
        int[] parts = [.. text.Split('x').Select(part => int.Parse(part, CultureInfo.InvariantCulture))];
        return parts is [var processes, var threads, var batch] ? new OrtSetting(processes, threads, batch) : throw new FormatException($"found '{text}', expected PROCESSESxTHREADSxBATCH such as 2x1x256");
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Processes}x{Threads}x{MaxBatch}");

    private static IEnumerable<(int Processes, int Threads)> Divisions(int cores)
    {
        for (var threads = 1; threads <= cores; threads *= 2)
        {
            yield return (cores / threads, threads);
        }

        yield return (Math.Max(1, cores - 1), 1);
    }
}
