using Rectune.Core.Onnx.Protobuf;

namespace Rectune.Core.Onnx;

/// <summary>A Gather whose indices are the elements of an input.</summary>
/// <param name="Gather">The node.</param>
/// <param name="Indices">Shape of its indices, null when it cannot be told.</param>
/// <param name="FirstId">Which element of the input's sample is the first index.</param>
/// <param name="Obstacle">Why the shape cannot be told.</param>
/// <param name="ThroughFloat">True when the ids are fp32 somewhere on their way.</param>
internal sealed record LookupUse(NodeProto Gather, BatchShape? Indices, long FirstId, string? Obstacle, bool ThroughFloat);
