namespace Rectune.Core.Search;

/// <summary>What candidates would be worth if their medians were these, microseconds, one for each point.</summary>
public interface ICandidateValues
{
    /// <summary>A value that no candidate with these medians exceeds; costs next to nothing.</summary>
    double Bound(int candidate, IReadOnlyList<double> mediansUs);

    /// <summary>The value, as far as a simulation tells; at least 0.</summary>
    double Of(int candidate, IReadOnlyList<double> mediansUs);
}
