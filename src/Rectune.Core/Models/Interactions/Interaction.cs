namespace Rectune.Core.Models.Interactions;

/// <summary>What enters the top MLP.</summary>
/// <param name="Value"><c>[width]</c> as the graph delivers it.</param>
/// <param name="Width">Width as the parameters of the first layer count it.</param>
/// <param name="Order">See <see cref="LinearShape.InputOrder"/>; null where both agree.</param>
internal sealed record Interaction(GraphValue Value, int Width, int[]? Order)
{
    public Interaction(GraphValue value)
        : this(value, value.Width, null)
    {
    }
}
