using System.Globalization;

namespace Rectune.Engine.Serving.Protocol;

/// <summary>A shape as found in a request: its rank and the first four dimensions (no tensor here has more than two).</summary>
internal struct TensorShape
{
    private const int Kept = 4;

    private long first;
    private long second;
    private long third;
    private long fourth;

    public int Rank { get; private set; }

    public readonly long First => first;

    public readonly long Second => second;

    public void Add(long dimension)
    {
        switch (Rank++)
        {
            case 0:
                first = dimension;
                break;
            case 1:
                second = dimension;
                break;
            case 2:
                third = dimension;
                break;
            case 3:
                fourth = dimension;
                break;
            default:
                break;
        }
    }

    /// <summary><c>[2,13]</c>; an ellipsis stands for what was not kept.</summary>
    public readonly override string ToString()
    {
        ReadOnlySpan<long> dimensions = [first, second, third, fourth];
        var texts = new List<string>(Kept + 1);
        foreach (var dimension in dimensions[..Math.Min(Rank, Kept)])
        {
            texts.Add(dimension.ToString(CultureInfo.InvariantCulture));
        }

        if (Rank > Kept)
        {
            texts.Add("…");
        }

        return $"[{string.Join(',', texts)}]";
    }
}
