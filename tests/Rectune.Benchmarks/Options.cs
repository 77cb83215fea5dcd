using System.Globalization;

namespace Rectune.Benchmarks;

/// <summary>The options behind a benchmark's name: <c>--name value</c> or <c>--name</c>.</summary>
internal sealed class Options(string[] args)
{
    public string Text(string name, string fallback)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : fallback;
    }

    public double Number(string name, double fallback) => double.Parse(Text(name, fallback.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

    public int Whole(string name, int fallback) => int.Parse(Text(name, fallback.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

    /// <summary>The benchmark's name and its options, as given.</summary>
    public override string ToString() => string.Join(' ', args);

    public bool Has(string name) => args.Contains(name, StringComparer.Ordinal);
}
