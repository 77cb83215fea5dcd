namespace Rectune.Engine.Load;

/// <summary>Before what the submitting thread goes, where the system allows it.</summary>
public enum GeneratorUrgency
{
    /// <summary>Before most ordinary threads: what is judged runs in the same process, as it would in service.</summary>
    Ordinary,

    /// <summary>Before every ordinary thread: what is judged is another process, and sending late would be the client's fault alone.</summary>
    RealTime,
}
