namespace Rectune.Core.Search;

/// <summary>What candidates would be worth if an undisturbed run took so long, microseconds, one for each point.</summary>
public interface ICandidateValues
{
    /// <summary>A value that no candidate with these times exceeds; costs next to nothing.</summary>
    double Bound(int candidate, IReadOnlyList<double> quietUs);

    /// <summary>The value, as far as a simulation tells; at least 0.</summary>
    double Of(int candidate, IReadOnlyList<double> quietUs);
}
