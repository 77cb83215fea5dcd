namespace Rectune.Engine.Load.Http;

/// <summary>How requests carry their tensors.</summary>
public enum TensorEncoding
{
    /// <summary>Raw little-endian elements behind the JSON part: the binary tensor data extension. The answer is asked for likewise.</summary>
    Binary,

    /// <summary>Numbers in the JSON part.</summary>
    Json,
}
