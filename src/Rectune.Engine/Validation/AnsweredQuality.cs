using Rectune.Core.Domain;

namespace Rectune.Engine.Validation;

/// <summary>The mean quality of what a target answers from some moment on, by the paths that answered.</summary>
internal sealed class AnsweredQuality
{
    private readonly IQueryTarget target;
    private readonly IReadOnlyList<ServingPath> paths;
    private readonly long[] before;
    private readonly bool isKnown;

    /// <param name="target">From now on.</param>
    /// <param name="paths">In the order of the target's.</param>
    public AnsweredQuality(IQueryTarget target, IReadOnlyList<ServingPath> paths)
    {
        (this.target, this.paths) = (target, paths);
        before = Samples();
        isKnown = paths.Count == 1 || before.Length == paths.Count;
    }

    /// <summary>The least known of the paths' qualities; of a product with them no more is known.</summary>
    public Provenance Source => paths.Select(path => path.Quality.Source).DefaultIfEmpty(Provenance.Unknown).Max();

    /// <summary>Share of correct predictions among those that were answered; null where a quality is unknown or no accuracy, or the target does not tell who answered.</summary>
    public double? MeanAccuracy()
    {
        if (!isKnown || !paths.All(path => path.Quality is { Metric: "accuracy", Value: not null }))
        {
            return null;
        }

        if (paths.Count == 1)
        {
            return paths[0].Quality.Value;
        }

        var now = Samples();
        var (sum, samples) = (0.0, 0L);
        for (var i = 0; i < now.Length; i++)
        {
            sum += (now[i] - before[i]) * paths[i].Quality.Value!.Value;
            samples += now[i] - before[i];
        }

        return samples == 0 ? null : sum / samples;
    }

    private long[] Samples() => [.. target.UseOfPaths().Select(path => path.Samples)];
}
