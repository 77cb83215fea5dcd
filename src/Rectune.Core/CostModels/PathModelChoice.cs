using Rectune.Core.Numerics;

namespace Rectune.Core.CostModels;

/// <summary>The family of models that predicts best what it did not see, by cross-validation over configurations, fitted to everything.</summary>
public sealed class PathModelChoice
{
    /// <summary>Share of predictions whose interval is to hold what was measured.</summary>
    public const double Confidence = 0.9;

    private const int Folds = 5;

    /// <summary>Fewer configurations leave nothing to hold out.</summary>
    private const int FewestConfigurations = 4;

    private static readonly (string Name, Func<IReadOnlyList<MeasuredPoint>, IPathModel> Fit)[] Families =
    [
        ("roofline", measured => new RooflineModel(measured)),
        ("roofline × process", measured => new CrossPathModel(measured)),
    ];

    private PathModelChoice(string family, IPathModel model, IReadOnlyList<HeldOutError> errors, IReadOnlyList<double> factors) =>
        (Family, Model, HeldOut, Factors) = (family, model, errors, factors);

    /// <summary>Name of the family that was chosen.</summary>
    public string Family { get; }

    public IPathModel Model { get; }

    /// <summary>Every family that was tried; empty where there were too few configurations to hold any out.</summary>
    public IReadOnlyList<HeldOutError> HeldOut { get; }

    /// <summary>How many times its time at the machine's limit each resource takes; 0 where it does not show. In the order of <see cref="PathPoint.Terms"/>.</summary>
    public IReadOnlyList<double> Factors { get; }

    /// <summary>Chooses by the median error over held-out configurations.</summary>
    /// <param name="measured">At least one.</param>
    public static PathModelChoice Of(IReadOnlyList<MeasuredPoint> measured)
    {
        ArgumentNullException.ThrowIfNull(measured);
        // In an order of no meaning: an enumeration's every fifth configuration may be all those of one value.
        var groups = measured.GroupBy(m => string.Join('|', m.Point.Levels), StringComparer.Ordinal).OrderBy(group => StableHash.Of(group.Key)).Select(group => group.ToArray()).ToArray();
        var errors = groups.Length < FewestConfigurations ? [] : Families.Select(family => Error(family.Name, family.Fit, groups)).ToArray();
        var best = errors.Length == 0 ? Families[^1].Name : errors.MinBy(error => error.MedianError)!.Family;
        return new PathModelChoice(best, Families.Single(family => family.Name == best).Fit(measured), errors, new RooflineModel(measured).Factors);
    }

    private static HeldOutError Error(string name, Func<IReadOnlyList<MeasuredPoint>, IPathModel> fit, MeasuredPoint[][] groups)
    {
        var folds = Math.Min(Folds, groups.Length);
        var outcomes = Enumerable.Range(0, folds).SelectMany(fold =>
        {
            var model = fit([.. groups.Where((_, i) => i % folds != fold).SelectMany(group => group)]);
            return groups.Where((_, i) => i % folds == fold).SelectMany(group => group).Select(point => Judge(model.Predict(point.Point, Confidence), point.MedianUs));
        }).ToArray();
        double[] sorted = [.. outcomes.Select(outcome => outcome.Error).Order()];
        return new HeldOutError(name, Percentiles.Interpolated(sorted, 0.5), Percentiles.Interpolated(sorted, 0.95), outcomes.Average(outcome => outcome.Covered ? 1.0 : 0.0));
    }

    private static (double Error, bool Covered) Judge(Interval predicted, double measuredUs) =>
        (Math.Abs((predicted.Value / measuredUs) - 1), predicted.Low <= measuredUs && measuredUs <= predicted.High);
}
