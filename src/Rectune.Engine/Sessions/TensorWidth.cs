namespace Rectune.Engine.Sessions;

/// <summary>A tensor <c>[rows, width]</c> that enters or leaves a graph.</summary>
public readonly record struct TensorWidth(string Name, int Width);
