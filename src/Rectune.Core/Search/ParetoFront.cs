namespace Rectune.Core.Search;

/// <summary>Points that no other point beats: in no objective worse, in one better. Every objective is to be maximised.</summary>
public static class ParetoFront
{
    /// <summary>Indices of the front in ascending order. Equal points are all kept, so that the order of the input does not matter.</summary>
    /// <param name="points"><c>[points][objectives]</c>, no NaN.</param>
    /// <remarks>Sorted by the first objective, a point can only be dominated by one before it: few comparisons where objectives conflict.</remarks>
    public static IReadOnlyList<int> Of(IReadOnlyList<double[]> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        var order = Enumerable.Range(0, points.Count).ToArray();
        Array.Sort(order, (a, b) => CompareDescending(points[a], points[b]));
        var front = new List<int>();
        foreach (var candidate in order)
        {
            var beaten = false;
            foreach (var member in front)
            {
                if (Dominates(points[member], points[candidate]))
                {
                    beaten = true;
                    break;
                }
            }

            if (!beaten)
            {
                front.Add(candidate);
            }
        }

        front.Sort();
        return front;
    }

    /// <summary>Whether <paramref name="a"/> is nowhere worse and somewhere better than <paramref name="b"/>.</summary>
    public static bool Dominates(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        if (a.Length != b.Length)
        {
            throw new ArgumentException($"{a.Length} objectives against {b.Length}", nameof(b));
        }

        var better = false;
        for (var i = 0; i < a.Length; i++)
        {
            if (a[i] < b[i])
            {
                return false;
            }

            better |= a[i] > b[i];
        }

        return better;
    }

    private static int CompareDescending(double[] a, double[] b)
    {
        for (var i = 0; i < a.Length; i++)
        {
            var compared = b[i].CompareTo(a[i]);
            if (compared != 0)
            {
                return compared;
            }
        }

        return 0;
    }
}
