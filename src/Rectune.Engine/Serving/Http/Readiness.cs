namespace Rectune.Engine.Serving.Http;

/// <summary>Whether a server should be sent queries.</summary>
public enum Readiness
{
    Ready,

    /// <summary>It turns away a good part of what comes; it answers what it can.</summary>
    Overloaded,

    /// <summary>It answers what it has and takes nothing new.</summary>
    Draining,
}
