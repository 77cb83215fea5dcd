namespace Rectune.Benchmarks.Serving;

/// <summary>A server that can be started again for every round.</summary>
/// <param name="Name">As the report has it.</param>
/// <param name="Start">Starts it, checked.</param>
internal sealed record Contender(string Name, Func<ServerProcess> Start)
{
    /// <summary>One a round.</summary>
    public List<LadderResult> Rounds { get; } = [];

    /// <summary>Goodput over that of another in the same round, in order of size; empty where it held nothing in a round.</summary>
    public double[] Over(Contender other) => other.Rounds.All(round => round.GoodputQps > 0)
        ? [.. Rounds.Zip(other.Rounds, (own, others) => own.GoodputQps / others.GoodputQps).Order()]
        : [];
}
