namespace Rectune.Core.Domain;

/// <summary>How the elements of an embedding row are stored.</summary>
public enum TablePrecision
{
    Fp32,
    Fp16,

    /// <summary>Eight bits an element with one fp32 scale and one fp32 bias a row: value = scale · code + bias.</summary>
    Int8,

    /// <summary>Four bits an element with one fp16 scale and one fp16 bias a row: value = scale · code + bias.</summary>
    Int4,
}
