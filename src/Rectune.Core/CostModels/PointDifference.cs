namespace Rectune.Core.CostModels;

/// <summary>How two points differ.</summary>
/// <param name="Knobs">A bit for each knob whose values differ.</param>
/// <param name="Doublings">Of the batch from one to the other, at least 0.</param>
internal readonly record struct PointDifference(uint Knobs, double Doublings)
{
    /// <param name="left">Of at most 32 knobs.</param>
    public static PointDifference Between(PathPoint left, PathPoint right)
    {
        var knobs = 0u;
        for (var knob = 0; knob < left.Levels.Count; knob++)
        {
            knobs |= left.Levels[knob] != right.Levels[knob] ? 1u << knob : 0;
        }

        return new PointDifference(knobs, Math.Abs(Math.Log2((double)left.Batch / right.Batch)));
    }
}
