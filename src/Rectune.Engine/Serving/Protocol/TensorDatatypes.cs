namespace Rectune.Engine.Serving.Protocol;

/// <summary>Names and sizes of <see cref="TensorDatatype"/> on the wire.</summary>
public static class TensorDatatypes
{
    /// <summary>The protocol's name, such as <c>FP32</c>.</summary>
    public static string Text(TensorDatatype datatype) => datatype switch
    {
        TensorDatatype.Fp32 => "FP32",
        TensorDatatype.Fp64 => "FP64",
        TensorDatatype.Int32 => "INT32",
        TensorDatatype.Int64 => "INT64",
        TensorDatatype.Uint32 => "UINT32",
        TensorDatatype.Uint64 => "UINT64",
        _ => throw new ArgumentOutOfRangeException(nameof(datatype), datatype, "not a type on the wire"),
    };

    /// <summary>Bytes of one element in the binary tensor extension.</summary>
    public static int Bytes(TensorDatatype datatype) => datatype switch
    {
        TensorDatatype.Fp32 or TensorDatatype.Int32 or TensorDatatype.Uint32 => 4,
        TensorDatatype.Fp64 or TensorDatatype.Int64 or TensorDatatype.Uint64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(datatype), datatype, "not a type on the wire"),
    };

    public static bool IsFloat(TensorDatatype datatype) => datatype is TensorDatatype.Fp32 or TensorDatatype.Fp64;

    /// <summary>The type named by <paramref name="utf8"/>, or <c>None</c>. Names are case-sensitive.</summary>
    public static TensorDatatype Parse(ReadOnlySpan<byte> utf8) =>
        utf8.SequenceEqual("FP32"u8) ? TensorDatatype.Fp32
        : utf8.SequenceEqual("INT64"u8) ? TensorDatatype.Int64
        : utf8.SequenceEqual("INT32"u8) ? TensorDatatype.Int32
        : utf8.SequenceEqual("FP64"u8) ? TensorDatatype.Fp64
        : utf8.SequenceEqual("UINT32"u8) ? TensorDatatype.Uint32
        : utf8.SequenceEqual("UINT64"u8) ? TensorDatatype.Uint64
        : TensorDatatype.None;
}
