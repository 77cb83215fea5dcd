using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Models;

namespace Rectune.Cli;

/// <summary>Finds the card that <c>--model</c> names: a zoo name or a card's file.</summary>
internal static class ModelSource
{
    /// <summary>Whether a name is that of a model file, which brings its own weights.</summary>
    public static bool IsModelFile(string name) => name.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);

    /// <summary>The card of a zoo name or a card's file, in the sizes asked for.</summary>
    public static ModelCard Card(ModelChoice choice)
    {
        ArgumentNullException.ThrowIfNull(choice);
        return choice.Output is null
            ? Resize(Read(choice.Name), choice)
            : throw new InvalidInputException("--output", $"found '{choice.Output}', but '{choice.Name}' is no model file", "leave it out");
    }

    /// <summary>A model file has the sizes that it has.</summary>
    public static void RefuseSizes(ModelChoice choice)
    {
        ArgumentNullException.ThrowIfNull(choice);
        if ((choice.Heads ?? choice.Behaviors) is { } asked)
        {
            throw new InvalidInputException(choice.Heads is null ? "--behaviors" : "--heads", $"found {asked}, but '{choice.Name}' is a model file", "leave it out");
        }
    }

    private static ModelCard Read(string name)
    {
        if (Zoo.TryGetText(name, out var text))
        {
            return CardFormat.Read(text, $"{name} (built in)");
        }

        if (name.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            return CardFormat.Read(FileText.Read(name, "the model card"), name);
        }

        var closest = Spelling.Closest(name, Zoo.Names);
        throw new InvalidInputException(
            "--model",
            $"found '{name}', expected a zoo model ({string.Join(", ", Zoo.Names)}), a model card (.json) or a model file (.onnx)",
            closest is null ? "see rectune models" : $"did you mean '{closest}'?");
    }

    private static ModelCard Resize(ModelCard card, ModelChoice choice)
    {
        var changes = new List<string>();
        var problems = new List<InputProblem>();
        Change("--heads", choice.Heads, CardSizes.WithHeads, "has no heads", "leave it out, or choose a model whose card has 'heads'");
        Change(
            "--behaviors", choice.Behaviors, CardSizes.WithBehaviors, "has no features of one shape in a group 'behavior'", "leave it out, or choose a model whose card has such a group");
        if (problems.Count > 0)
        {
            throw new InvalidInputException(problems);
        }

        // Read again as any card is: what makes a card valid is said in one place.
        return changes.Count == 0 ? card : CardFormat.Read(CardFormat.Write(card), $"{card.Name} with {string.Join(' ', changes)}");

        void Change(string flag, int? count, Func<ModelCard, int, ModelCard?> resize, string lacks, string advice)
        {
            if (count is not { } asked)
            {
                return;
            }

            changes.Add(FormattableString.Invariant($"{flag} {asked}"));
            if (resize(card, asked) is { } resized)
            {
                card = resized;
            }
            else
            {
                problems.Add(new InputProblem(flag, $"found {asked}, but the model '{card.Name}' {lacks}", advice));
            }
        }
    }
}
