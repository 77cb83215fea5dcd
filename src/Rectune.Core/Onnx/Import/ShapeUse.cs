using Rectune.Core.Onnx.Protobuf;

namespace Rectune.Core.Onnx;

/// <summary>A Shape operator over a re-shaped input: it depends on the batch alone, so that it outlives the input.</summary>
internal sealed record ShapeUse(NodeProto Node, BatchShape Operand);
