namespace Rectune.Engine.Load.Http;

/// <summary>The element types of the Open Inference Protocol that values can be drawn for: all but <c>BYTES</c>.</summary>
public enum ElementKind
{
    Bool,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Int8,
    Int16,
    Int32,
    Int64,
    Fp16,
    Bf16,
    Fp32,
    Fp64,
}
