using Rectune.Core.Domain;
using Rectune.Core.Workloads;

namespace Rectune.Cli;

/// <summary>An index skew given by the user, or the model card's own.</summary>
/// <param name="Skew">Null takes the card's.</param>
internal sealed record SkewChoice(IndexSkew? Skew)
{
    public static IReadOnlyList<string> Read(string text, out SkewChoice value)
    {
        if (text == "default")
        {
            value = new SkewChoice((IndexSkew?)null);
            return [];
        }

        var known = SkewText.TryParse(text, out var skew, out var problem);
        value = new SkewChoice(skew);
        return known ? [] : [problem];
    }
}
