using Rectune.Core.CostModels;
using Rectune.Core.Domain;
using Rectune.Core.Search;

namespace Rectune.Core.Planning;

/// <summary>Service curves of every configuration of which anything was measured; batches of the space that are missing are filled in from the cross-path model. Safe from several threads.</summary>
/// <param name="book">As it is when the first curve is asked for.</param>
public sealed class KnownCurves(PlanRequest request, SearchSpace space, MeasurementBook book)
{
    /// <summary>A query that finds everything asleep waits for two threads to wake: the one that sends it and the one that answers it.</summary>
    private const int WakeUps = 2;

    private readonly Lazy<MachineSpread> machine = new(() => new MachineSpread(book.Rows));

    /// <summary>What fills in, chosen by everything that was measured.</summary>
    public Lazy<PathModelChoice> Model { get; } = new(() =>
    {
        var points = new PathPoints(request.Model.Card, request.Limits, request.Machine.Caches, request.Workload.Skew);
        return PathModelChoice.Of([.. book.Rows.Select(points.Of)]);
    });

    /// <summary>The curve of a configuration; null where nothing was measured of it. <see cref="Provenance.Interpolated"/> where a batch was filled in.</summary>
    public ServiceCurve? Of(Configuration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var rows = book.Of(configuration);
        if (rows.Count == 0)
        {
            return null;
        }

        var curve = ServiceCurveFit.From(rows, machine.Value) with
        {
            IdleStartUs = request.WakeUpUs is { } wakeUpUs ? new Estimate { Value = WakeUps * wakeUpUs, Source = Provenance.Extrapolated } : null,
        };
        int[] missing = [.. space.Batches.Except(curve.Points.Select(point => point.Batch))];
        if (missing.Length == 0)
        {
            return AsNow(curve);
        }

        var points = new PathPoints(request.Model.Card, request.Limits, request.Machine.Caches, request.Workload.Skew);
        var filled = missing.Select(batch => curve.At(batch, Model.Value.Model.Predict(points.Of(configuration, batch), PathModelChoice.Confidence).Value));
        return AsNow(curve with { Points = [.. curve.Points.Concat(filled).OrderBy(point => point.Batch)], Source = Provenance.Interpolated });
    }

    /// <summary>Whatever has changed is taken to have changed all runs of all paths alike: nobody has seen those that are not served.</summary>
    private ServiceCurve AsNow(ServiceCurve curve) => request.ServiceFactor == 1
        ? curve
        : curve with { Points = [.. curve.Points.Select(point => point.Times(request.ServiceFactor))], Source = Provenance.Extrapolated };
}
