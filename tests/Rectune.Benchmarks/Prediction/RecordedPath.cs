using Rectune.Core.CostModels;
using Rectune.Core.Domain;

namespace Rectune.Benchmarks.Prediction;

/// <param name="Configuration">What was measured.</param>
/// <param name="Rows">At every batch size, ascending.</param>
/// <param name="Points">The same as the cross-path model sees them.</param>
internal sealed record RecordedPath(Configuration Configuration, IReadOnlyList<MeasurementRow> Rows, IReadOnlyList<MeasuredPoint> Points);
