using Rectune.Core.Onnx.Protobuf;

namespace Rectune.Core.Onnx;

/// <summary>A matrix that embedding lookups read, cut out of the graph.</summary>
/// <param name="Name">The stored tensor's name in the file.</param>
/// <param name="Rows">Rows; ids run from 0 to <c>Rows − 1</c>.</param>
/// <param name="Dim">Elements of a row.</param>
/// <param name="Data">The stored tensor, float or float16; its contents may lie in another file.</param>
public sealed record LiftedTable(string Name, long Rows, int Dim, TensorProto Data);
