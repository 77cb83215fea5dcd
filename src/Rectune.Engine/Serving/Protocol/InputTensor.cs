using System.Numerics;

namespace Rectune.Engine.Serving.Protocol;

/// <summary>One input of one request: what its header said and its elements, in memory that is kept for the next request.</summary>
internal sealed class InputTensor(InputSlot slot)
{
    public InputSlot Slot { get; } = slot;

    public bool Given { get; set; }

    /// <summary>A problem of this tensor was reported: nothing further is concluded from it.</summary>
    public bool Faulty { get; set; }

    public TensorShape Shape { get; set; }

    public TensorDatatype Datatype { get; set; }

    /// <summary>Elements that the shape asks for.</summary>
    public int Expected { get; set; }

    /// <summary>Where its elements begin in the body; −1 where they are not there raw.</summary>
    public int RawStart { get; set; }

    /// <summary>Dense values; longer than needed.</summary>
    public float[] Floats { get; private set; } = [];

    /// <summary>Ids or offsets; longer than needed.</summary>
    public int[] Integers { get; private set; } = [];

    public long RetainedBytes => 4L * (Floats.Length + Integers.Length);

    /// <summary>True when each sample owns exactly the slot's width of elements, by the shape.</summary>
    public bool IsUniform => Shape.Rank == 2;

    public void Reset()
    {
        Given = false;
        Faulty = false;
        Shape = default;
        Datatype = TensorDatatype.None;
        Expected = 0;
        RawStart = -1;
    }

    /// <summary>Takes the shape's element count and makes room for it.</summary>
    public void Reserve(int elements)
    {
        Expected = elements;
        var have = Slot.Role == InputRole.Dense ? Floats.Length : Integers.Length;
        if (elements <= have)
        {
            return;
        }

        var capacity = Math.Min((int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)elements), (uint)Array.MaxLength), Slot.MaxElements);
        if (Slot.Role == InputRole.Dense)
        {
            Floats = new float[capacity];
        }
        else
        {
            Integers = new int[capacity];
        }
    }

    /// <summary>Name and position of element <paramref name="index"/>: <c>C3[5,0]</c>.</summary>
    public string At(int index) => IsUniform
        ? $"{Slot.Name}[{index / Slot.Width},{index % Slot.Width}]"
        : $"{Slot.Name}[{index}]";

    /// <summary>The problem of an integer outside the slot's range.</summary>
    public string OutOfRange(int index, string found, int others) =>
        $"{At(index)}: found {(Slot.Role == InputRole.Ids ? "id " : "")}{found}, expected 0 to {Slot.Limit - 1}{Others(others)}";

    /// <summary>The problem of a dense value that is not finite in FP32.</summary>
    public string NotFinite(int index, string found, int others) =>
        $"{At(index)}: found {found}, expected a finite FP32 number{Others(others)}";

    private static string Others(int others) => others == 0 ? "" : $" ({others} more like it)";
}
