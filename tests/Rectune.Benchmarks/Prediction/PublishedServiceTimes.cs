namespace Rectune.Benchmarks.Prediction;

/// <summary>
/// Published medians of compute plus data loading, milliseconds, of five recommenders on two machines of a cloud at batches 10, 100, 200, 500 and 1000, a hundred repetitions
/// each (data of Kairos, HPDC 2023: github.com/boringlee24/hpdc23-kairos).
/// </summary>
internal static class PublishedServiceTimes
{
    public static IReadOnlyList<int> Batches { get; } = [10, 100, 200, 500, 1000];

    /// <summary><c>[pairs][batches]</c></summary>
    public static IReadOnlyList<(string Model, string Machine, double[] Ms)> All { get; } =
    [
        ("ncf", "g4dn.xlarge, T4", [0.27 + 0.34, 0.40 + 0.48, 0.44 + 0.62, 0.62 + 1.02, 0.93 + 1.52]),
        ("ncf", "c5n.2xlarge", [0.21 + 0.10, 0.64 + 0.17, 1.11 + 0.24, 2.41 + 0.46, 5.43 + 0.95]),
        ("wnd", "g4dn.xlarge, T4", [0.92 + 1.52, 1.12 + 1.93, 1.39 + 2.42, 2.07 + 3.82, 3.54 + 5.89]),
        ("wnd", "c5n.2xlarge", [1.48 + 0.48, 3.28 + 0.82, 5.80 + 1.20, 14.2 + 2.38, 28.3 + 4.35]),
        ("mtwnd", "g4dn.xlarge, T4", [1.30 + 2.33, 1.58 + 2.97, 1.90 + 3.69, 2.90 + 5.74, 4.86 + 8.87]),
        ("mtwnd", "c5n.2xlarge", [1.88 + 0.74, 4.27 + 1.25, 7.59 + 1.86, 19.0 + 3.68, 38.1 + 6.60]),
        ("rm2", "g4dn.xlarge, T4", [1.06 + 4.32, 1.90 + 27.3, 2.77 + 52.5, 5.74 + 127, 10.5 + 250]),
        ("rm2", "c5n.2xlarge", [2.22 + 2.75, 16.3 + 23.2, 33.9 + 46.2, 82.7 + 114, 160 + 227]),
        ("dien", "g4dn.xlarge, T4", [3.96 + 2.33, 4.97 + 2.88, 5.47 + 3.54, 7.23 + 5.35, 10.3 + 8.30]),
        ("dien", "c5n.2xlarge", [1.67 + 0.73, 6.91 + 1.25, 13.3 + 1.85, 35.3 + 3.58, 71.3 + 6.29]),
    ];
}
