namespace Rectune.Core.Scheduling;

/// <summary>What one instance runs at once. The owner makes one per instance and reuses it; the scheduler fills it.</summary>
public sealed class Run
{
    private readonly RunPart[] parts;

    /// <param name="maxParts">Room for parts; the batch limit suffices, since a part has at least one sample.</param>
    public Run(int maxParts)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxParts);
        parts = new RunPart[maxParts];
    }

    public int Capacity => parts.Length;

    /// <summary>Device on which it runs, as numbered by the scheduler.</summary>
    public int Lane { get; private set; }

    /// <summary>Instance that runs it, over all devices.</summary>
    public int Instance { get; private set; }

    /// <summary>Path that it takes: its place in the settings' list, 0 where there is one path.</summary>
    public int Path { get; private set; }

    public long StartedNs { get; private set; }

    /// <summary>What it was planned to take, nanoseconds; 0 where nothing is known of that.</summary>
    public long PlannedNs { get; internal set; }

    /// <summary>Samples of all parts.</summary>
    public int Samples { get; private set; }

    /// <summary>Number of parts, in the order in which they waited.</summary>
    public int Parts { get; private set; }

    public RunPart this[int i]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)i, (uint)Parts, nameof(i));
            return parts[i];
        }
    }

    internal void Begin(int lane, int instance, int path, long nowNs)
    {
        (Lane, Instance, Path, StartedNs, PlannedNs) = (lane, instance, path, nowNs, 0);
        Samples = 0;
        Parts = 0;
    }

    internal void Add(RunPart part)
    {
        parts[Parts++] = part;
        Samples += part.Count;
    }
}
