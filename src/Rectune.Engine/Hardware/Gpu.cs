namespace Rectune.Engine.Hardware;

/// <summary>A graphics processor as its driver lists it.</summary>
/// <param name="Index">Number in <c>cuda:N</c>.</param>
/// <param name="Name">Product name.</param>
/// <param name="MemoryBytes">Own memory; 0 when the driver gives none.</param>
/// <param name="Driver">Driver version, or empty.</param>
public sealed record Gpu(int Index, string Name, long MemoryBytes, string Driver);
