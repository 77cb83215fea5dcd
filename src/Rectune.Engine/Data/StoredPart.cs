using Rectune.Core.Representations;
using Rectune.Engine.Kernels;

namespace Rectune.Engine.Data;

/// <summary>Tables that one call looks up.</summary>
/// <param name="Tables">Null where the part stores nothing.</param>
/// <param name="Rows">For each table: the slot of the design that it serves, and what it stores.</param>
public sealed record StoredPart(EmbeddingTables? Tables, IReadOnlyList<(int Slot, StoredRows Rows)> Rows);
