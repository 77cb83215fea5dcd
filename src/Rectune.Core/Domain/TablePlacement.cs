namespace Rectune.Core.Domain;

/// <summary>Where stored rows live.</summary>
public static class TablePlacement
{
    /// <summary>In memory of the process.</summary>
    public const string Host = "host";

    /// <summary>In files mapped to be read: processes share their pages, and the system drops and re-reads them as it needs memory.</summary>
    public const string Mapped = "mapped";

    public static IReadOnlyList<string> All { get; } = [Host, Mapped];
}
