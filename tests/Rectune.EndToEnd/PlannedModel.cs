using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Xunit;

namespace Rectune.EndToEnd;

/// <summary>One real plan of the small model, made once and shared read-only by the tests that need one.</summary>
public sealed class PlannedModel : IDisposable
{
    private readonly Rectune rectune = new();

    public PlannedModel()
    {
        rectune.Write("small.json", SmallModel.Card());
        Result = Attempt();
        for (var i = 0; i < 3 && Result.Code == 13; i++)
        {
            // Undecided is an honest answer of a machine that is busy with something else; the next try finds it less so.
            Result = Attempt();
        }

        Plan = Result.Code is 0 or 13
            ? PlanFormat.Read(File.ReadAllText(rectune.PathOf("plan.json")), "plan.json")
            : throw new InvalidOperationException($"planning the small model failed: {Result}");
    }

    internal Rectune.Result Result { get; }

    private Rectune.Result Attempt() =>
        rectune.Run("plan", "--model", "small.json", "--sla", "p99=200ms", "--qps", "400", "--budget", "18s", "--out", "plan.json", "--json");

    public Plan Plan { get; }

    /// <summary>Copies the plan, changed and sealed again, into another working folder.</summary>
    internal void CopyTo(Rectune other, string name, Func<Plan, Plan>? change = null) =>
        other.Write(name, PlanFormat.Write(PlanFormat.Seal((change ?? (plan => plan))(Plan))));

    /// <summary>Copies what was measured for it beside a copy of the plan.</summary>
    internal void CopyMeasurementsTo(Rectune other) => other.Write("plan.measurements.jsonl", File.ReadAllText(rectune.PathOf("plan.measurements.jsonl")));

    public void Dispose() => rectune.Dispose();
}

[CollectionDefinition(nameof(PlannedModel), DisableParallelization = true)]
public sealed class PlannedModelGroup : ICollectionFixture<PlannedModel>;
