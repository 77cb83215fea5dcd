namespace Rectune.Core.Domain;

/// <summary>Where a number comes from. It travels with the number into every file and every table.</summary>
public enum Provenance
{
    /// <summary>Nobody said; the number must not be used as evidence.</summary>
    Unknown,

    /// <summary>Observed on the machine named beside it.</summary>
    Measured,

    /// <summary>Computed between measurements.</summary>
    Interpolated,

    /// <summary>Computed beyond measurements.</summary>
    Extrapolated,

    /// <summary>Taken from a publication that is named beside it.</summary>
    Published,

    /// <summary>Chosen by us, with the reason beside it.</summary>
    Assumed,
}
