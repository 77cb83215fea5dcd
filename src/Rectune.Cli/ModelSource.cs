using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Models;

namespace Rectune.Cli;

/// <summary>Finds the model that <c>--model</c> names: a zoo name or a card's file.</summary>
internal static class ModelSource
{
    /// <param name="choice">What the user wrote.</param>
    /// <param name="seed">Seed of the random weights.</param>
    public static PlanModel Resolve(ModelChoice choice, ulong seed)
    {
        var card = Resize(Read(choice.Name), choice);
        return new PlanModel { Name = card.Name, Card = card, Sha256 = CardFormat.Sha256(card), Weights = FormattableString.Invariant($"random:{seed}") };
    }

    /// <summary>The seed inside <c>random:SEED</c>.</summary>
    public static ulong WeightSeed(PlanModel model) =>
        model.Weights.StartsWith("random:", StringComparison.Ordinal) && ulong.TryParse(model.Weights.AsSpan(7), out var seed)
            ? seed
            : throw new InvalidInputException("$.model.weights", $"found '{model.Weights}', expected random:SEED", "plan again with this version");

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
            $"found '{name}', expected a zoo model ({string.Join(", ", Zoo.Names)}) or a model card (.json)",
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
