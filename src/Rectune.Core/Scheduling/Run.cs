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

    /// <summary>Instance that runs it.</summary>
    public int Instance { get; private set; }

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

    internal void Begin(int instance)
    {
        Instance = instance;
        Samples = 0;
        Parts = 0;
    }

    internal void Add(RunPart part)
    {
        parts[Parts++] = part;
        Samples += part.Count;
    }
}
