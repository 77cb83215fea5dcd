using System.Text.Json;

namespace Rectune.Engine.Serving.Protocol;

/// <summary>What one element of <c>inputs</c> said, in whatever order it said it.</summary>
internal ref struct TensorHeader(int index)
{
    [Flags]
    internal enum Keys
    {
        None = 0,
        Name = 1,
        Shape = 2,
        Datatype = 4,
        Data = 8,
        Parameters = 16,

        /// <summary>All that is needed to read <c>data</c> as it comes.</summary>
        BeforeData = Name | Shape | Datatype,
    }

    /// <summary>Position in <c>inputs</c>.</summary>
    public int Index { get; } = index;

    public Keys Seen { get; set; }

    /// <summary>Index of the slot; −1 when the name is unknown.</summary>
    public int Slot { get; set; } = -1;

    /// <summary>The name, kept only when it is unknown; null when it was no string.</summary>
    public string? UnknownName { get; set; }

    public TensorShape Shape;

    /// <summary>False when the shape was not an array of integers; that problem is then reported already.</summary>
    public bool ShapeIsValid { get; set; }

    public TensorDatatype Datatype { get; set; }

    /// <summary>The datatype, kept only when it is unknown.</summary>
    public string? UnknownDatatype { get; set; }

    /// <summary>The size in the binary part was no number; that problem is then reported already.</summary>
    public bool BinaryIsInvalid { get; set; }

    /// <summary>Bytes in the binary part; −1 when the tensor is not there.</summary>
    public long BinaryBytes { get; set; } = -1;

    /// <summary>Stands on the value of <c>data</c> when that came before the rest of the header.</summary>
    public Utf8JsonReader Data;
}
