namespace Rectune.Engine.Kernels;

/// <summary>One element at a time: rows narrower than a vector, processors without any, and the twin that the vectors must equal bit for bit.</summary>
internal readonly unsafe struct ScalarLanes : ILanes<float>
{
    public static int Width => 1;

    public static float FromSingles(float* source) => *source;

    public static float FromHalves(ushort* source) => (float)BitConverter.UInt16BitsToHalf(*source);

    public static float FromHalvesByProduct(ushort* source) => FromHalves(source);

    public static float FromCodes(byte* source, float scale, float bias) => (*source * scale) + bias;

    public static float FromNibbles(ulong codes, float scale, float bias) => ((codes & 0xF) * scale) + bias;

    public static float Add(float left, float right) => left + right;

    public static void Store(float value, float* target) => *target = value;
}
