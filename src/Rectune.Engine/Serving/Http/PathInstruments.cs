using System.Diagnostics.Metrics;
using Rectune.Core.Domain;

namespace Rectune.Engine.Serving.Http;

/// <summary>The metrics of <see cref="ServerInstruments"/> that tell the paths of a plan apart; read when they are sent.</summary>
internal static class PathInstruments
{
    public static void Create(Meter meter, ServerWatch watch)
    {
        ArgumentNullException.ThrowIfNull(meter);
        ArgumentNullException.ThrowIfNull(watch);
        foreach (var counter in PathCounter.All)
        {
            meter.CreateObservableCounter(counter.Name, () => watch.UseOfPaths().Select(of => new Measurement<long>(counter.Of(of.Use), Path(of.Path))), counter.Unit, counter.Help);
        }

        meter.CreateObservableGauge(
            "rectune.path.service_time.ratio",
            () => watch.UseOfPaths().Where(of => of.Use.Drift?.Ratio is not null).Select(of => new Measurement<double>(of.Use.Drift!.Ratio!.Value, Path(of.Path))),
            "1",
            "Median of what runs took over what the plan explains, over those of the last full window that followed another on their instance.");
        meter.CreateObservableGauge(
            "rectune.path.drift",
            () => watch.UseOfPaths().Where(of => of.Use.Drift is not null).Select(of => new Measurement<int>(Direction(of.Use.Drift!.State), Path(of.Path))),
            "1",
            "1 while service times have been slower than the plan's interval for long, -1 while they have been faster.");
    }

    private static int Direction(DriftState state) => state switch
    {
        DriftState.Slower => 1,
        DriftState.Faster => -1,
        _ => 0,
    };

    private static KeyValuePair<string, object?> Path(string path) => new("path", path);
}
