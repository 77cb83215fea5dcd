namespace Rectune.Core.Onnx;

/// <summary>
/// A shape in which one extent counts samples: the elements of sample 0 come first, then those of sample 1, and so on. Followed through the operators that
/// keep the order of elements; each returns null where the shape cannot be told or samples would no longer lie one after the other.
/// </summary>
internal sealed class BatchShape
{
    private readonly long[] extents;
    private readonly int batchAxis;

    /// <summary>The batch that the file was exported for, null when it was left open.</summary>
    private readonly long? exportedBatch;

    /// <param name="extents">Extents for a batch of one sample.</param>
    /// <param name="batchAxis">The axis that grows with the batch; those before it have extent 1.</param>
    public BatchShape(long[] extents, int batchAxis, long? exportedBatch)
    {
        this.extents = extents;
        this.batchAxis = batchAxis;
        this.exportedBatch = exportedBatch;
    }

    /// <summary>Elements of one sample.</summary>
    public long PerSample => Product(extents);

    /// <summary>As a target of Reshape: −1 on the axis of the batch.</summary>
    public long[] Target => [.. extents.Select((extent, axis) => axis == batchAxis ? -1 : extent)];

    public int Rank => extents.Length;

    public int BatchAxis => batchAxis;

    public long this[int axis] => extents[axis];

    public BatchShape? Reshape(ReadOnlySpan<long> target)
    {
        var reshaped = new long[target.Length];
        var (open, batch) = (-1, -1);
        for (var axis = 0; axis < target.Length; axis++)
        {
            if (target[axis] < -1 || (target[axis] == 0 && axis >= Rank))
            {
                return null;
            }

            reshaped[axis] = target[axis] switch { -1 => 1, 0 => extents[axis], _ => target[axis] };
            open = target[axis] == -1 ? axis : open;
            batch = target[axis] == 0 && axis == batchAxis ? axis : batch;
        }

        var elements = PerSample * (batch < 0 ? exportedBatch ?? 1 : 1);
        if (open >= 0)
        {
            reshaped[open] = elements / Product(reshaped);
        }

        if (Product(reshaped) != elements)
        {
            return null;
        }

        if (batch < 0 && exportedBatch is { } exported)
        {
            // With a batch of 1, the first axis; with a larger one, the first that is not 1.
            batch = exported == 1 ? 0 : Array.FindIndex(reshaped, extent => extent != 1);
            if (batch < 0 || batch >= reshaped.Length || reshaped[batch] % exported != 0)
            {
                return null;
            }

            reshaped[batch] /= exported;
        }

        return With(reshaped, batch < 0 ? open : batch);
    }

    /// <summary>Two axes: the product of those before <paramref name="axis"/>, and the product of the others.</summary>
    public BatchShape? Flatten(long axis)
    {
        axis = axis < 0 ? axis + Rank : axis;
        return axis < 0 || axis > Rank ? null
            : With([Product(extents.AsSpan(0, (int)axis)), Product(extents.AsSpan((int)axis))], batchAxis < axis ? 0 : 1);
    }

    /// <param name="axes">Axes of extent 1; null stands for all of them.</param>
    public BatchShape? Squeeze(long[]? axes)
    {
        var dropped = axes is null
            ? Enumerable.Range(0, Rank).Where(axis => extents[axis] == 1 && (axis != batchAxis || exportedBatch == 1)).ToHashSet()
            : axes.Select(axis => (int)(axis < 0 ? axis + Rank : axis)).ToHashSet();
        return dropped.Contains(batchAxis) || dropped.Any(axis => axis < 0 || axis >= Rank || extents[axis] != 1)
            ? null
            : With([.. extents.Where((_, axis) => !dropped.Contains(axis))], batchAxis - dropped.Count(axis => axis < batchAxis));
    }

    /// <param name="axes">Where extents of 1 stand in the result.</param>
    public BatchShape? Unsqueeze(long[] axes)
    {
        var rank = Rank + axes.Length;
        var added = axes.Select(axis => (int)(axis < 0 ? axis + rank : axis)).ToHashSet();
        if (added.Count != axes.Length || added.Any(axis => axis < 0 || axis >= rank))
        {
            return null;
        }

        var (widened, from, batch) = (new long[rank], 0, 0);
        for (var axis = 0; axis < rank; axis++)
        {
            batch = !added.Contains(axis) && from == batchAxis ? axis : batch;
            widened[axis] = added.Contains(axis) ? 1 : extents[from++];
        }

        return With(widened, batch);
    }

    /// <summary>The shape of rows of <paramref name="dim"/> elements looked up by ids of this shape.</summary>
    public BatchShape Append(long dim) => new([.. extents, dim], batchAxis, exportedBatch);

    /// <summary>The sum over all rows of a sample: <paramref name="axes"/> must cover every axis but the batch's and the last one, those of extent 1 aside.</summary>
    public BatchShape? SumRows(long[] axes, bool keepAxes)
    {
        var summed = axes.Select(axis => (int)(axis < 0 ? axis + Rank : axis)).ToHashSet();
        if (summed.Contains(batchAxis) || summed.Contains(Rank - 1) || extents[batchAxis] != 1 || batchAxis == Rank - 1 ||
            Enumerable.Range(0, Rank - 1).Any(axis => extents[axis] != 1 && !summed.Contains(axis)) || summed.Any(axis => axis < 0 || axis >= Rank))
        {
            return null;
        }

        return keepAxes
            ? With([.. extents.Select((extent, axis) => summed.Contains(axis) ? 1 : extent)], batchAxis)
            : With([.. extents.Where((_, axis) => !summed.Contains(axis))], batchAxis - summed.Count(axis => axis < batchAxis));
    }

    /// <summary>Extents <paramref name="from"/> … <paramref name="to"/> − 1 along an axis, where they are one run of elements in every sample.</summary>
    /// <param name="first">Where that run begins in the sample.</param>
    public BatchShape? Narrow(int axis, long from, long to, out long first)
    {
        first = from * Product(extents.AsSpan(axis + 1));
        return axis <= batchAxis || from < 0 || to <= from || to > extents[axis] || Product(extents.AsSpan(0, axis)) != 1
            ? null
            : With([.. extents.Select((extent, other) => other == axis ? to - from : extent)], batchAxis);
    }

    /// <summary>The largest number there is when the product is larger.</summary>
    private static long Product(ReadOnlySpan<long> extents)
    {
        var product = 1L;
        foreach (var extent in extents)
        {
            product = extent > 0 && product > long.MaxValue / extent ? long.MaxValue : product * extent;
        }

        return product;
    }

    /// <summary>Null when elements of several samples would alternate.</summary>
    private BatchShape? With(long[] shape, int batch) =>
        batch < 0 || batch >= shape.Length || shape.Take(batch).Any(extent => extent != 1) ? null : new BatchShape(shape, batch, exportedBatch);
}
