namespace Rectune.Engine.Serving.Protocol;

/// <summary>How a response carries the scores.</summary>
public enum ScoreEncoding
{
    Json,

    /// <summary>Little-endian FP32 after the JSON header: the binary tensor data extension.</summary>
    Binary,
}
