namespace Rectune.Engine.Limits;

/// <summary>How fast rows can be fetched in a given order.</summary>
/// <param name="PrefetchRows">Rows between the one read and the one prefetched; 0 without prefetching.</param>
/// <param name="RowsPerSecond">Rows a second.</param>
/// <param name="LinesPerSecond">Cache lines a second; a row may begin and end within one.</param>
internal readonly record struct GatherRate(int PrefetchRows, double RowsPerSecond, double LinesPerSecond);
