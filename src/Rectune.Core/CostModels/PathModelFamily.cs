namespace Rectune.Core.CostModels;

/// <summary>A kind of model that predicts service times of configurations from those of others.</summary>
/// <param name="Name">As shown.</param>
/// <param name="Fit">From at least one measurement.</param>
public sealed record PathModelFamily(string Name, Func<IReadOnlyList<MeasuredPoint>, IPathModel> Fit);
