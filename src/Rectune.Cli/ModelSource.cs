using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Models;

namespace Rectune.Cli;

/// <summary>Finds the model that <c>--model</c> names: a zoo name or a card's file.</summary>
internal static class ModelSource
{
    /// <param name="name">What the user wrote.</param>
    /// <param name="seed">Seed of the random weights.</param>
    public static PlanModel Resolve(string name, ulong seed)
    {
        ModelCard card;
        if (Zoo.TryGetText(name, out var text))
        {
            card = CardFormat.Read(text, $"{name} (built in)");
        }
        else if (name.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            card = CardFormat.Read(FileText.Read(name, "the model card"), name);
        }
        else
        {
            var closest = Spelling.Closest(name, Zoo.Names);
            throw new InvalidInputException(
                "--model",
                $"found '{name}', expected a zoo model ({string.Join(", ", Zoo.Names)}) or a model card (.json)",
                closest is null ? "see rectune models" : $"did you mean '{closest}'?");
        }

        return new PlanModel { Name = card.Name, Card = card, Sha256 = CardFormat.Sha256(card), Weights = FormattableString.Invariant($"random:{seed}") };
    }

    /// <summary>The seed inside <c>random:SEED</c>.</summary>
    public static ulong WeightSeed(PlanModel model) =>
        model.Weights.StartsWith("random:", StringComparison.Ordinal) && ulong.TryParse(model.Weights.AsSpan(7), out var seed)
            ? seed
            : throw new InvalidInputException("$.model.weights", $"found '{model.Weights}', expected random:SEED", "plan again with this version");
}
