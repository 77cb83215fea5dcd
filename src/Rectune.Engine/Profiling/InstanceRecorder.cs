namespace Rectune.Engine.Profiling;

/// <summary>Runs of one instance during one visit; filled by the instance's thread without allocating.</summary>
internal sealed class InstanceRecorder(int capacity)
{
    private readonly RunRecord[] runs = new RunRecord[capacity];

    public int Count { get; private set; }

    /// <summary>Counters of the visit; null where the system has none.</summary>
    public ThreadCounters? Counters { get; set; }

    /// <summary>Wait for a core during the visit, of the instance's thread or, where it has several, of all in the process; null where the system does not tell.</summary>
    public double? RunQueueDelayMs { get; set; }

    /// <summary>Time of the whole visit, microseconds.</summary>
    public double LengthUs { get; set; }

    public bool Full => Count == runs.Length;

    public ref readonly RunRecord this[int i] => ref runs[i];

    public void Clear() => Count = 0;

    public void Add(in RunRecord run) => runs[Count++] = run;
}
