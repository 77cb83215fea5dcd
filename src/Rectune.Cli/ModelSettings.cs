using Rectune.Core.Domain;
using Rectune.Core.Models;

namespace Rectune.Cli;

/// <summary>The settings that choose a model, the same on every command that takes one.</summary>
internal static class ModelSettings
{
    private static readonly SettingOf<string> Model = Named(required: true);

    private static readonly SettingOf<string> OptionalModel = Named(required: false);

    private static readonly SettingOf<string> Output = new(SettingKinds.Text)
    {
        Name = "output",
        Metavar = "NAME",
        Description = "The output of a model file that is the score",
        Otherwise = "the only one",
    };

    private static readonly SettingOf<int> Heads = new(SettingKinds.CountUpTo(ModelCard.MaximumTasks))
    {
        Name = "heads",
        Metavar = "N",
        Description = "Task heads of a model that has them",
        Otherwise = "the card's",
    };

    private static readonly SettingOf<int> Behaviors = new(SettingKinds.CountUpTo(ModelCard.MaximumFeatures))
    {
        Name = "behaviors",
        Metavar = "N",
        Description = "Past behaviours of a model with a group of such features, each with a table of its own",
        Otherwise = "the card's",
    };

    public static IReadOnlyList<Setting> All { get; } = [Model, Output, Heads, Behaviors];

    /// <summary>For a command that also has something to do without a model.</summary>
    public static IReadOnlyList<Setting> Optional { get; } = [OptionalModel, Output, Heads, Behaviors];

    public static ModelChoice Of(SettingValues values) => Of(values, values.Get(Model));

    /// <summary>The choice by <see cref="Optional"/> settings.</summary>
    /// <exception cref="InvalidInputException">No model is named.</exception>
    public static ModelChoice OfOptional(SettingValues values) => values.TryGet(OptionalModel, out var name)
        ? Of(values, name)
        : throw new InvalidInputException(OptionalModel.Flag, "is required", "name one, such as --model dlrm; rectune models lists them");

    /// <summary>The choice by <see cref="Optional"/> settings; null where no model is named.</summary>
    public static ModelChoice? MaybeOf(SettingValues values) => values.TryGet(OptionalModel, out var name) ? Of(values, name) : null;

    private static ModelChoice Of(SettingValues values, string name) => new()
    {
        Name = name,
        Output = values.TryGet(Output, out var output) ? output : null,
        Heads = values.TryGet(Heads, out var heads) ? heads : null,
        Behaviors = values.TryGet(Behaviors, out var behaviors) ? behaviors : null,
    };

    private static SettingOf<string> Named(bool required) => new(SettingKinds.Text)
    {
        Name = "model",
        Metavar = "NAME|FILE",
        Description = "A built-in model (rectune models), a model card (.json) or a model file (.onnx)",
        Required = required,
        Suggestions = [.. Zoo.Names, .. Zoo.Aliases.Keys],
    };
}
