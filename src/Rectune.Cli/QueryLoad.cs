using Rectune.Core.Domain;
using Rectune.Core.Workloads;

namespace Rectune.Cli;

/// <summary>By which queries arrive and how large they are.</summary>
/// <param name="Trace">The file that arrivals repeat; null where they are drawn.</param>
internal sealed record QueryLoad(IArrivals Arrivals, ArrivalTrace? Trace, IQuerySizes Sizes)
{
    /// <summary>For what sends no queries.</summary>
    public static QueryLoad Any => Open(new ArrivalsChoice(ArrivalsChoice.Names[0]), new SizesChoice(SizesChoice.Names[0]));

    /// <summary>As asked for.</summary>
    public static QueryLoad Open(ArrivalsChoice arrivals, SizesChoice sizes)
    {
        var (process, trace) = arrivals.Open();
        return new QueryLoad(process, trace, sizes.Open());
    }

    /// <summary>A plan's own.</summary>
    /// <param name="moved">Where the plan's trace of arrivals has moved to; null where it has not.</param>
    public static QueryLoad Of(Workload workload, ArrivalsChoice? moved = null)
    {
        var (process, trace) = ArrivalsChoice.Of(workload, moved);
        return new QueryLoad(process, trace, QuerySizeCatalog.Of(workload));
    }

    /// <summary>As a plan keeps it.</summary>
    public Workload With(IndexSkew skew) => new() { Arrivals = Arrivals.Name, ArrivalTrace = Trace, Sizes = Sizes.Name, SizeCounts = Sizes.Counts, Skew = skew };
}
