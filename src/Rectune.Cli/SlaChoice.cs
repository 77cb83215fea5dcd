using Rectune.Core.Domain;

namespace Rectune.Cli;

/// <summary>A latency target given by the user, or the model card's own.</summary>
/// <param name="Sla">Null takes the card's.</param>
internal sealed record SlaChoice(Sla? Sla)
{
    public static IReadOnlyList<string> Read(string text, out SlaChoice value)
    {
        if (text == "default")
        {
            value = new SlaChoice((Sla?)null);
            return [];
        }

        var problems = SettingKinds.Target(text, out var sla);
        value = new SlaChoice(sla);
        return problems;
    }
}
