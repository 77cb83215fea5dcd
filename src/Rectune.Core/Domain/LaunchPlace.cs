namespace Rectune.Core.Domain;

/// <summary>
/// Which of several processes took a measurement. Memory is laid out anew in each, and with it what a path costs; a measurement is complete when every process has taken its part.
/// </summary>
public sealed record LaunchPlace
{
    /// <summary>The measuring that the processes belong to.</summary>
    public required string Session { get; init; }

    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    /// <summary>Processes of the session.</summary>
    public required int Of { get; init; }

    public static LaunchPlace At(string session, int number, int of) => new() { Session = session, Number = number, Of = of };
}
