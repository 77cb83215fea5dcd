namespace Rectune.Core.Scheduling;

/// <summary>Samples <c>[Start, Start + Count)</c> of the query in <paramref name="Slot"/>.</summary>
public readonly record struct RunPart(int Slot, int Start, int Count);
