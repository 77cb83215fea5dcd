using Rectune.Core.Onnx.Protobuf;

namespace Rectune.Core.Onnx;

/// <summary>A value of the graph that is now read from <c>pooled</c>.</summary>
/// <param name="Node">The node that computed it.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Feature">Index of the feature whose columns hold it.</param>
internal sealed record LiftedValue(NodeProto Node, BatchShape Shape, int Feature);
