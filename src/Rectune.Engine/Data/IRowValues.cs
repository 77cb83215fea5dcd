using Rectune.Core.Representations;

namespace Rectune.Engine.Data;

/// <summary>Where the values of stored rows come from. Safe to call from several threads at once.</summary>
public interface IRowValues
{
    /// <summary>Full-precision values of consecutive rows.</summary>
    /// <param name="values"><c>[rows, dim]</c></param>
    void Read(StoredRows stored, long firstRow, Span<float> values);
}
