using Rectune.Core.Domain;

namespace Rectune.Core.Models.Interactions;

/// <summary>The architecture behind every kind.</summary>
internal static class InteractionCatalog
{
    private static readonly IReadOnlyDictionary<InteractionKind, IInteraction> ByKind = new Dictionary<InteractionKind, IInteraction>
    {
        [InteractionKind.Dot] = new DotInteraction(),
        [InteractionKind.Concat] = new ConcatInteraction(),
        [InteractionKind.Cross] = new CrossInteraction(),
        [InteractionKind.NeuMf] = new NeuMfInteraction(),
        [InteractionKind.ActivationUnits] = new ActivationUnits(),
        [InteractionKind.TargetAttention] = new TargetAttention(),
        [InteractionKind.RecurrentAttention] = new RecurrentAttention(),
        [InteractionKind.AttentionalGru] = new AttentionalGru(),
    };

    public static IInteraction Of(InteractionKind kind) => ByKind[kind];
}
