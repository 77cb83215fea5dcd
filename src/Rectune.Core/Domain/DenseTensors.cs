namespace Rectune.Core.Domain;

/// <summary>Names of the tensors of every dense graph: the contract between those who write graphs and those who run them.</summary>
public static class DenseTensors
{
    /// <summary>Input, <c>[batch, dense features]</c>, where the model has any; also the dense tensor's name in requests.</summary>
    public const string Dense = "dense";

    /// <summary>Input, <c>[batch, width of the vector layout]</c>: the vectors of all slots, sums or sequences, and the steps in use where the model has sequences.</summary>
    public const string Pooled = "pooled";

    /// <summary>Output, <c>[batch, outputs]</c>.</summary>
    public const string Score = "score";
}
