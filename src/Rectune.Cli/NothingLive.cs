using Rectune.Core.Domain;

namespace Rectune.Cli;

/// <summary>What measures, validates and keeps where nothing may run.</summary>
internal sealed class NothingLive : IPathMeasurer, IPlanValidator, IMeasurementSink
{
    private static InvalidOperationException Offline => new("nothing runs offline");

    public void Measure(IReadOnlyList<Configuration> configurations, IReadOnlyList<int> batches, double seconds, IMeasurementSink sink, CancellationToken cancellation) => throw Offline;

    public Validation Validate(IReadOnlyList<ServingPath> paths, SchedulerSettings scheduler, Sla sla, double qps, double budgetSeconds, LoadLength length, int look, CancellationToken cancellation) => throw Offline;

    public void Measured(MeasurementRow row) => throw Offline;

    public void Failed(Configuration configuration, string why) => throw Offline;
}
