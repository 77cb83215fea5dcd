namespace Rectune.Core.Models;

/// <summary>A tensor of learned values, by name: the name alone says which values it holds.</summary>
/// <param name="Name"><c>top.2.weight</c>: the layer and the part in it.</param>
/// <param name="Extents">All axes.</param>
/// <param name="Deviation">Standard deviation of random values around 0; 0 where they are all <paramref name="Constant"/>.</param>
/// <param name="Constant">Value of every element where <paramref name="Deviation"/> is 0.</param>
public sealed record ParameterShape(string Name, IReadOnlyList<int> Extents, double Deviation, float Constant = 0)
{
    public long Elements => Extents.Aggregate(1L, (product, extent) => product * extent);
}
