using Rectune.Core.Numerics;

namespace Rectune.Core.CostModels;

/// <summary>The family of models that predicts best what it did not see, by cross-validation over configurations, fitted to everything.</summary>
public sealed class PathModelChoice
{
    /// <summary>Share of predictions whose interval is to hold what was measured.</summary>
    public const double Confidence = 0.9;

    private const int Folds = 5;

    /// <summary>With fewer configurations, what is held out says more of the draw than of the families.</summary>
    private const int FewestConfigurations = 10;

    private PathModelChoice(string family, IPathModel model, IReadOnlyList<HeldOutError> errors, IReadOnlyList<double> factors) =>
        (Family, Model, HeldOut, Factors) = (family, model, errors, factors);

    /// <summary>Every family, the most capable last: it is taken where there are too few configurations to choose by.</summary>
    public static IReadOnlyList<PathModelFamily> Families { get; } =
    [
        new("roofline", measured => new RooflineModel(measured)),
        new("roofline × process", measured => new CrossPathModel(measured)),
    ];

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
        var groups = measured.GroupBy(m => m.Point.Configuration, StringComparer.Ordinal).OrderBy(group => StableHash.Of(group.Key)).Select(group => group.ToArray()).ToArray();
        var errors = groups.Length < FewestConfigurations ? [] : Families.Select(family => Error(family, groups)).ToArray();
        var best = errors.Length == 0 ? Families[^1].Name : errors.MinBy(error => error.MedianError)!.Family;
        return new PathModelChoice(best, Fit(best, measured), errors, new RooflineModel(measured).Factors);
    }

    /// <summary>A family by name, fitted.</summary>
    /// <param name="measured">At least one.</param>
    public static IPathModel Fit(string family, IReadOnlyList<MeasuredPoint> measured) => Families.Single(known => known.Name == family).Fit(measured);

    private static HeldOutError Error(PathModelFamily family, MeasuredPoint[][] groups)
    {
        var outcomes = Enumerable.Range(0, Folds).SelectMany(fold =>
        {
            var model = family.Fit([.. groups.Where((_, i) => i % Folds != fold).SelectMany(group => group)]);
            return groups.Where((_, i) => i % Folds == fold).SelectMany(group => group).Select(point => (model.Predict(point.Point, Confidence), point.QuietUs));
        });
        return HeldOutError.Of(family.Name, [.. outcomes]);
    }
}
