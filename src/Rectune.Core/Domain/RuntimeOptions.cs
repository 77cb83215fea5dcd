namespace Rectune.Core.Domain;

/// <summary>Settings of the inference runtime that change speed and not results.</summary>
public sealed record RuntimeOptions
{
    /// <summary>The inference runtime's idle threads spin instead of sleeping: faster wake-up, but the core is kept from others. Threads that look up spin for 50 µs either way.</summary>
    public bool Spinning { get; init; }

    /// <summary>Every thread keeps to cores of its own, as many as there are for each.</summary>
    public bool Pinned { get; init; } = true;
}
