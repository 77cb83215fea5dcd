namespace Rectune.Core.Onnx;

/// <summary>An embedding lookup that stays in the graph.</summary>
/// <param name="Node">The Gather.</param>
/// <param name="Table">What it gathers from.</param>
/// <param name="Input">The model's own input that carries the ids.</param>
/// <param name="Reason">Why it cannot be lifted, as the end of a sentence.</param>
public sealed record LookupInPlace(string Node, string Table, string Input, string Reason);
