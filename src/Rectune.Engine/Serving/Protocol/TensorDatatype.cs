namespace Rectune.Engine.Serving.Protocol;

/// <summary>Element types of the Open Inference Protocol that rectune reads; <c>None</c> is any other.</summary>
public enum TensorDatatype
{
    None,
    Fp32,
    Fp64,
    Int32,
    Int64,
    Uint32,
    Uint64,
}
