using Rectune.Core.CostModels;
using Rectune.Core.Domain;
using Rectune.Core.Search;

namespace Rectune.Core.Planning;

/// <summary>Measures what a search proposes, learns from it, and goes on until nothing is worth a measurement or the time is spent.</summary>
public sealed class PathSearch : ICandidateValues
{
    /// <summary>Most that is asked of a proposer at a time.</summary>
    private const int MostAtATime = 64;

    /// <summary>Growth of the measurements after which what the machine adds to service times may look so different that every value is simulated anew.</summary>
    private const double ScreeningGrowth = 1.25;

    private readonly PlanRequest request;
    private readonly SearchSpace space;
    private readonly IReadOnlyList<Configuration> configurations;
    private readonly MeasurementBook book;
    private readonly PathEvaluator evaluator;
    private readonly PathPoints points;
    private readonly int[] batches;
    private readonly Dictionary<int, MeasurementRow[]> measured = [];
    private readonly HashSet<int> failed = [];
    private readonly Dictionary<int, ServiceCurve> curves = [];
    private readonly Dictionary<int, (BatchLimits Limits, double Qps)> screened = [];
    private int screenedBy;

    /// <param name="request">Names the search: any but <see cref="SearchStrategies.Exhaustive"/>.</param>
    /// <param name="configurations">All that fit memory.</param>
    /// <param name="book">What is known; what is measured must find its way there.</param>
    public PathSearch(PlanRequest request, SearchSpace space, IReadOnlyList<Configuration> configurations, MeasurementBook book)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(configurations);
        ArgumentNullException.ThrowIfNull(book);
        (this.request, this.space, this.configurations, this.book) = (request, space, configurations, book);
        batches = [.. space.Batches];
        evaluator = new PathEvaluator(request, space);
        points = new PathPoints(request.Model.Card, request.Limits, request.Machine.Caches, request.Workload.Skew);
        State = new SearchState([.. configurations.Select(Candidate)]);
        for (var i = 0; i < configurations.Count; i++)
        {
            Learn(i);
        }

        Settle();
    }

    /// <summary>What has been found so far: the value is the highest rate inside the target on a short simulation, queries per second.</summary>
    public SearchState State { get; }

    /// <param name="measure">Measures these at these batches in so many seconds; what fails leaves nothing in the book.</param>
    /// <param name="seconds">For everything.</param>
    /// <param name="rounds">Times that measuring is begun, about: each costs the start of its processes, and lets the next be chosen by what it showed.</param>
    /// <param name="cancellation">Ends the search.</param>
    public void Run(Action<IReadOnlyList<Configuration>, IReadOnlyList<int>, double> measure, double seconds, int rounds, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(measure);
        var proposer = SearchStrategies.Create(request.Search, this, FirstPoint(), request.Seed);
        var left = seconds;
        for (var round = 0; left > 0; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            var share = left / Math.Max(1, rounds - round);
            var count = Math.Clamp((int)(share / MeasuringCost.LeastSeconds), 1, MostAtATime);
            var next = Affordable(proposer.Propose(State, count), share, left);
            if (next.Count == 0)
            {
                return;
            }

            foreach (var together in next.GroupBy(proposal => string.Join(',', proposal.Points), StringComparer.Ordinal))
            {
                measure(
                    [.. together.Select(proposal => configurations[proposal.Candidate])],
                    [.. together.First().Points.Select(point => batches[point])],
                    together.Sum(Seconds));
            }

            foreach (var proposal in next)
            {
                Learn(proposal.Candidate);
                left -= Seconds(proposal);
                if (!book.Covers(configurations[proposal.Candidate], proposal.Points.Select(point => batches[point])))
                {
                    failed.Add(proposal.Candidate);
                    State.Conclude(proposal.Candidate, 0);
                }
            }

            Settle();
        }
    }

    /// <summary>Instances kept busy with runs of the best size: no queue holds a higher rate.</summary>
    double ICandidateValues.Bound(int candidate, IReadOnlyList<double> quietUs) =>
        1e6 * configurations[candidate].Instances / request.Sizes.MeanSamples * batches.Zip(quietUs).Max(pair => pair.First / pair.Second);

    double ICandidateValues.Of(int candidate, IReadOnlyList<double> quietUs)
    {
        var configuration = configurations[candidate];
        var curve = Predicted(candidate, quietUs);
        return screened.Count == 0
            ? evaluator.Screen(configuration, curve).Qps
            : evaluator.Screen(configuration, curve, screened[Alike(candidate, screened.Keys)]);
    }

    /// <summary>Where most of the work of the queries would be done: the batch nearest to their mean size.</summary>
    private int FirstPoint()
    {
        var wanted = Math.Min(request.Sizes.MeanSamples, space.BatchLimits.Max(limits => limits.MaxBatch));
        return Enumerable.Range(0, batches.Length).MinBy(i => Math.Abs(Math.Log(batches[i] / wanted)));
    }

    private SearchCandidate Candidate(Configuration configuration) =>
        new([.. batches.Select(batch => points.Of(configuration, batch))], PathMemory.Bytes(request.Model.Card, configuration, space.LargestBatch));

    /// <summary>From the first on, as many as their share of the time pays for; at least one, where what is left pays for it.</summary>
    private List<Proposal> Affordable(IReadOnlyList<Proposal> proposals, double share, double left)
    {
        List<Proposal> next = [];
        var spent = 0.0;
        foreach (var proposal in proposals)
        {
            var seconds = Seconds(proposal);
            if (spent + seconds <= (next.Count == 0 ? left : share))
            {
                next.Add(proposal);
                spent += seconds;
            }
        }

        return next;
    }

    /// <summary>What a proposal costs: by what was measured where it was, else as expected.</summary>
    private double Seconds(Proposal proposal)
    {
        var known = State.Of(proposal.Candidate);
        return proposal.Points.Sum(point => known[point] is { } found ? MeasuringCost.Seconds(found.QuietUs) : proposal.Seconds / proposal.Points.Count);
    }

    /// <summary>Takes what the book holds of a candidate.</summary>
    private void Learn(int candidate)
    {
        // Parts that other processes still owe are no measurement yet: they are asked for again, and then completed.
        var configuration = configurations[candidate];
        MeasurementRow[] rows = [.. book.Of(configuration).Where(row => book.Covers(configuration, [row.Key.Batch]))];
        foreach (var row in rows)
        {
            var point = Array.IndexOf(batches, row.Key.Batch);
            if (point >= 0)
            {
                State.Learn(candidate, point, points.Of(row));
            }
        }

        if (rows.Length > 0)
        {
            measured[candidate] = rows;
        }
    }

    /// <summary>Curves of what was measured, by what all of it says of the machine, and the values of the candidates that were measured in full.</summary>
    private void Settle()
    {
        var rows = measured.Values.Sum(known => known.Length);
        var anew = rows >= ScreeningGrowth * screenedBy;
        screenedBy = anew ? rows : screenedBy;
        var machine = new MachineSpread(book.Rows);
        foreach (var (candidate, known) in measured)
        {
            curves[candidate] = ServiceCurveFit.From(known, machine);
        }

        int[] changed = [.. measured.Keys.Where(i => State.Missing(i).Count == 0 && !failed.Contains(i) && (anew || !screened.ContainsKey(i))).Order()];
        var found = new (BatchLimits Limits, double Qps)[changed.Length];
        Parallel.For(0, changed.Length, i => found[i] = evaluator.Screen(configurations[changed[i]], curves[changed[i]]));
        foreach (var (candidate, value) in changed.Zip(found))
        {
            screened[candidate] = value;
            State.Conclude(candidate, value.Qps);
        }
    }

    /// <summary>Predicted service times with the spread of the measured path that is most alike.</summary>
    private ServiceCurve Predicted(int candidate, IReadOnlyList<double> quietUs)
    {
        var like = curves[Alike(candidate, curves.Keys)];
        return like with { Points = [.. batches.Select((batch, i) => like.At(batch, quietUs[i]))], Source = Provenance.Extrapolated };
    }

    /// <summary>The candidate itself, else one that divides the cores as it does, else one that shares the most knobs with it.</summary>
    private int Alike(int candidate, IEnumerable<int> among)
    {
        var (wanted, levels) = (configurations[candidate], State.Candidates[candidate].Points[0].Levels);
        return among.OrderBy(known => known == candidate ? 0 : 1)
            .ThenBy(known => configurations[known].Instances == wanted.Instances && configurations[known].Threads == wanted.Threads ? 0 : 1)
            .ThenByDescending(known => State.Candidates[known].Points[0].Levels.Zip(levels).Count(pair => pair.First == pair.Second))
            .ThenBy(known => known)
            .First();
    }
}
