using Rectune.Core.Onnx.Protobuf;

namespace Rectune.Core.Onnx;

/// <summary>A Gather whose indices are the elements of an input.</summary>
/// <param name="Gather">The node.</param>
/// <param name="Indices">Shape of its indices, null when it cannot be told.</param>
/// <param name="Obstacle">Why it cannot be told.</param>
/// <param name="ThroughFloat">True when the ids are fp32 somewhere on their way.</param>
internal sealed record LookupUse(NodeProto Gather, BatchShape? Indices, string? Obstacle, bool ThroughFloat);
