using System.Runtime.CompilerServices;
using Rectune.Core.CostModels;
using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Core.Scheduling;

namespace Rectune.Core.Simulation;

/// <summary>
/// Discrete events in virtual time around the server's own scheduler. Buffers are reused between runs and nothing is allocated per query.
/// Not safe for concurrent use.
/// </summary>
public sealed class QueueSimulator
{
    private readonly SchedulerSettings settings;
    private readonly IServiceTimes[] services;
    private readonly double[] qualities;
    private readonly bool refusesLate;
    private readonly Run[] runs;
    private readonly long[] finishNs;
    private readonly int[] ended;
    private readonly int[] queryOfSlot;
    private readonly Spells spells = new();
    private readonly StallClock stalls = new();
    private readonly bool canStall;

    /// <param name="settings">The scheduler that is simulated.</param>
    /// <param name="services">Service times with all instances busy: of every path that the settings name, in their order, or of the one path.</param>
    public QueueSimulator(SchedulerSettings settings, params IReadOnlyList<IServiceTimes> services)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(services);
        var paths = settings.Paths;
        if (services.Count != Math.Max(1, paths.Count))
        {
            throw new ArgumentException($"service times of {services.Count} paths, the scheduler has {Math.Max(1, paths.Count)}", nameof(services));
        }

        this.settings = settings;
        this.services = [.. services];
        qualities = [.. paths.Select(path => path.Quality ?? 0).DefaultIfEmpty(0)];
        refusesLate = settings.LimitUs is not null;
        canStall = services.Any(service => service.StallsPerNs > 0);
        Instances = paths.Count == 0 ? settings.Instances : paths.DistinctBy(path => path.Device).Sum(path => path.Instances);
        var maxBatch = paths.Select(path => path.MaxBatch).DefaultIfEmpty(settings.MaxBatch).Max();
        runs = new Run[Instances + 1];
        for (var i = 0; i < runs.Length; i++)
        {
            runs[i] = new Run(maxBatch);
        }

        finishNs = new long[Instances];
        ended = new int[Math.Max(maxBatch, settings.QueueLimit)];
        queryOfSlot = new int[settings.QueueLimit];
    }

    /// <summary>Of all devices.</summary>
    public int Instances { get; }

    /// <summary>Time that instances were busy over the time simulated, 0 to the number of instances, in the last run.</summary>
    public double BusyInstances { get; private set; }

    /// <summary>Runs of the last schedule.</summary>
    public long Runs { get; private set; }

    /// <summary>Runs one schedule.</summary>
    /// <param name="instants">Arrival instants in ascending order, in units of <paramref name="nsPerUnit"/>.</param>
    /// <param name="nsPerUnit">Nanoseconds that one unit of <paramref name="instants"/> stands for: the same arrivals serve every rate.</param>
    /// <param name="sizes">Samples of each query.</param>
    /// <param name="seed">Seed of the service times: the k-th run has the same luck for every candidate.</param>
    /// <param name="inflation">Factor on every service time for what else runs on the same cores; at least 1.</param>
    /// <param name="latenciesMs">Receives each query's latency in milliseconds, infinite where it was refused.</param>
    public void Run(ReadOnlySpan<double> instants, double nsPerUnit, ReadOnlySpan<int> sizes, ulong seed, double inflation, Span<double> latenciesMs) =>
        RunUntil(instants, nsPerUnit, sizes, seed, inflation, latenciesMs, OverLimit.None);

    /// <summary>The same, with the quality of every query's answer.</summary>
    /// <inheritdoc cref="Run(ReadOnlySpan{double}, double, ReadOnlySpan{int}, ulong, double, Span{double})"/>
    /// <param name="qualityOfQuery">Receives the mean over each query's samples of the quality of the path that answered them; 0 where it was refused.</param>
    public void Run(ReadOnlySpan<double> instants, double nsPerUnit, ReadOnlySpan<int> sizes, ulong seed, double inflation, Span<double> latenciesMs, Span<double> qualityOfQuery)
    {
        qualityOfQuery[..sizes.Length].Clear();
        RunUntil(instants, nsPerUnit, sizes, seed, inflation, latenciesMs, OverLimit.None, qualityOfQuery);
    }

    /// <summary>The same, given up when too many queries were over a limit; true where it was not. The latencies are whole only then.</summary>
    /// <inheritdoc cref="Run(ReadOnlySpan{double}, double, ReadOnlySpan{int}, ulong, double, Span{double})"/>
    /// <param name="tooMany">When to give up.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool RunUntil(ReadOnlySpan<double> instants, double nsPerUnit, ReadOnlySpan<int> sizes, ulong seed, double inflation, Span<double> latenciesMs, OverLimit tooMany, Span<double> qualityOfQuery = default)
    {
        var over = 0;
        var scheduler = new Scheduler(settings);
        Array.Fill(finishNs, long.MaxValue);
        spells.Begin(seed);
        stalls.Begin(seed);
        var spare = finishNs.Length;
        var next = 0;
        var runCount = 0UL;
        var busyNs = 0.0;
        var busy = 0;
        long nowNs = 0;
        long endNs = 0;
        while (true)
        {
            var (first, instance) = FirstFinish();
            var arrivalNs = next < sizes.Length ? (long)(instants[next] * nsPerUnit) : long.MaxValue;
            var wakeNs = scheduler.NextWakeNs;
            nowNs = Math.Min(Math.Min(Math.Min(first, arrivalNs), stalls.NextNs), Math.Max(wakeNs, nowNs));
            if (nowNs == long.MaxValue)
            {
                break;
            }

            endNs = nowNs;
            var awake = -1;
            if (first == nowNs)
            {
                awake = instance;
                finishNs[instance] = long.MaxValue;
                busy--;
                var count = scheduler.Finish(nowNs, runs[instance], ended);
                for (var i = 0; i < count; i++)
                {
                    var query = queryOfSlot[ended[i]];
                    var latencyMs = (nowNs - (long)(instants[query] * nsPerUnit)) / 1e6;
                    latenciesMs[query] = latencyMs;
                    over += tooMany.Counts(query, latencyMs) ? 1 : 0;
                }
            }
            else if (arrivalNs == nowNs)
            {
                var slot = scheduler.Offer(nowNs, sizes[next]);
                if (slot < 0)
                {
                    latenciesMs[next] = double.PositiveInfinity;
                    over += tooMany.Counts(next, double.PositiveInfinity) ? 1 : 0;
                }
                else
                {
                    queryOfSlot[slot] = next;
                }

                next++;
            }
            else if (stalls.NextNs == nowNs)
            {
                busyNs += Stall(nowNs);
            }

            if (refusesLate)
            {
                over += DropLate(scheduler, nowNs, latenciesMs, tooMany);
            }

            if (over > tooMany.Most)
            {
                BusyInstances = busyNs / Math.Max(1, endNs);
                Runs = (long)runCount;
                return false;
            }

            while (scheduler.TryStart(nowNs, runs[spare]))
            {
                var run = runs[spare];
                var service = services[run.Path];
                (runs[spare], runs[run.Instance]) = (runs[run.Instance], run);
                var own = (SplitMix64.Mix(seed + (++runCount * 0x9E3779B97F4A7C15)) >> 11) * (1.0 / (1UL << 53));
                var luck = spells.Luck(nowNs, own, service.Persistence);
                var serviceNs = service.ServiceNs(run.Samples, luck) * inflation * Crowding(service.AloneFactor, busy++);
                busyNs += serviceNs;
                if (qualityOfQuery.Length > 0)
                {
                    Weigh(run, sizes, qualityOfQuery);
                }

                finishNs[run.Instance] = nowNs + Math.Max(1, (long)(serviceNs + (run.Instance == awake ? 0 : service.IdleStartNs)));
            }

            if (canStall && StallRate(busy) is var rate && rate != stalls.Rate)
            {
                stalls.Set(nowNs, rate);
            }
        }

        BusyInstances = busyNs / Math.Max(1, endNs);
        Runs = (long)runCount;
        return true;
    }

    /// <summary>Between alone and crowded, by how many of the other instances are busy.</summary>
    private double Crowding(double aloneFactor, int busy) => Instances == 1 ? aloneFactor : aloneFactor + ((1 - aloneFactor) * Math.Min(1, (double)busy / (Instances - 1)));

    /// <summary>Of all runs together.</summary>
    private double StallRate(int busy)
    {
        if (busy < Instances)
        {
            return 0;
        }

        if (services.Length == 1)
        {
            return Instances * services[0].StallsPerNs;
        }

        var rate = 0.0;
        for (var instance = 0; instance < Instances; instance++)
        {
            rate += services[runs[instance].Path].StallsPerNs;
        }

        return rate;
    }

    /// <summary>Holds up one of the runs, all of which are under way; returns for how long, nanoseconds.</summary>
    private double Stall(long nowNs)
    {
        var (who, howLong) = stalls.Take(nowNs);
        var share = who * stalls.Rate;
        var instance = 0;
        while (instance < Instances - 1 && share >= services[runs[instance].Path].StallsPerNs)
        {
            share -= services[runs[instance].Path].StallsPerNs;
            instance++;
        }

        var lostNs = services[runs[instance].Path].StallNs(howLong);
        finishNs[instance] += (long)lostNs;
        return lostNs;
    }

    private int DropLate(Scheduler scheduler, long nowNs, Span<double> latenciesMs, OverLimit tooMany)
    {
        var over = 0;
        var count = scheduler.DropLate(nowNs, ended);
        for (var i = 0; i < count; i++)
        {
            var query = queryOfSlot[ended[i]];
            latenciesMs[query] = double.PositiveInfinity;
            over += tooMany.Counts(query, double.PositiveInfinity) ? 1 : 0;
        }

        return over;
    }

    private void Weigh(Run run, ReadOnlySpan<int> sizes, Span<double> qualityOfQuery)
    {
        for (var i = 0; i < run.Parts; i++)
        {
            var query = queryOfSlot[run[i].Slot];
            qualityOfQuery[query] += qualities[run.Path] * run[i].Count / sizes[query];
        }
    }

    private (long Ns, int Instance) FirstFinish()
    {
        var instance = 0;
        for (var i = 1; i < finishNs.Length; i++)
        {
            if (finishNs[i] < finishNs[instance])
            {
                instance = i;
            }
        }

        return (finishNs[instance], instance);
    }
}
