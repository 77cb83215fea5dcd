using Rectune.Core.CostModels;
using Rectune.Core.Domain;
using Rectune.Core.Search;

namespace Rectune.Core.Planning;

/// <summary>Measures what a search proposes, learns from it, and goes on until nothing is worth a measurement or as many configurations are measured as the time allows.</summary>
/// <param name="configurations">All that fit memory.</param>
/// <param name="book">What is known; what is measured must find its way there.</param>
internal sealed class PathSearch(PlanRequest request, SearchSpace space, IReadOnlyList<Configuration> configurations, MeasurementBook book)
{
    /// <summary>Rounds after the first: each costs the start of the measuring processes, and lets the next be chosen by what it showed.</summary>
    private const int Rounds = 3;

    private readonly PathEvaluator evaluator = new(request, space);
    private readonly PathPoints points = new(request.Model.Card, request.Limits);
    private readonly Dictionary<int, ServiceCurve> curves = [];

    /// <param name="measure">Measures these at all batches of the space in so many seconds; configurations that fail leave nothing in the book.</param>
    /// <param name="most">Configurations that are measured at most.</param>
    /// <param name="seconds">For all of them.</param>
    /// <param name="cancellation">Ends the search.</param>
    public void Run(Action<IReadOnlyList<Configuration>, double> measure, int most, double seconds, CancellationToken cancellation)
    {
        var state = new SearchState([.. configurations.Select(Candidate)]);
        for (var i = 0; i < configurations.Count; i++)
        {
            if (book.Covers(configurations[i], space.Batches))
            {
                Learn(state, i);
            }
        }

        var proposer = SearchStrategies.Create(request.Search, (i, medians) => evaluator.Screen(configurations[i], Predicted(i, medians)), request.Seed);
        var left = most;
        while (left > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            var next = proposer.Propose(state, Math.Max(1, (most + Rounds - 1) / Rounds)).Take(left).ToArray();
            if (next.Length == 0)
            {
                return;
            }

            measure([.. next.Select(i => configurations[i])], seconds * next.Length / most);
            foreach (var i in next)
            {
                Learn(state, i);
            }

            left -= next.Length;
        }
    }

    private SearchCandidate Candidate(Configuration configuration) => new(
        [.. space.Batches.Select(batch => points.Of(configuration, batch))], PathMemory.Bytes(request.Model.Card, configuration, space.LargestBatch), Quality: 0, Seconds: 1);

    /// <summary>A configuration that failed is worth nothing and says nothing.</summary>
    private void Learn(SearchState state, int candidate)
    {
        var rows = book.Of(configurations[candidate]);
        if (rows.Count == 0)
        {
            state.Learn(candidate, [], 0);
            return;
        }

        curves[candidate] = ServiceCurveFit.From(rows);
        state.Learn(candidate, rows.Select(points.Of), evaluator.Screen(configurations[candidate], curves[candidate]));
    }

    /// <summary>Predicted medians with the residuals and stalls of the measured path that divides the cores most alike.</summary>
    private ServiceCurve Predicted(int candidate, IReadOnlyList<double> medians)
    {
        var wanted = configurations[candidate];
        var like = curves.OrderBy(known => configurations[known.Key].Instances == wanted.Instances ? 0 : 1)
            .ThenBy(known => configurations[known.Key].Threads == wanted.Threads ? 0 : 1)
            .ThenBy(known => known.Key)
            .First().Value;
        return like with
        {
            Points = [.. space.Batches.Select((batch, i) => new ServicePoint { Batch = batch, MedianUs = medians[i], P99Us = medians[i], Terms = like.Points[0].Terms })],
            Source = Provenance.Extrapolated,
        };
    }
}
