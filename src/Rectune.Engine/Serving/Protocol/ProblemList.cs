namespace Rectune.Engine.Serving.Protocol;

/// <summary>What is wrong with one request: every problem up to a bound, then their number. Reused from request to request.</summary>
public sealed class ProblemList
{
    /// <summary>A card has tens of inputs; a client that gets everything wrong is answered with a readable page.</summary>
    private const int Kept = 50;

    /// <summary>Longest name or value repeated from a request.</summary>
    private const int QuotedCharacters = 64;

    private readonly List<string> texts = [];

    public int Count { get; private set; }

    public void Add(string problem)
    {
        Count++;
        if (texts.Count < Kept)
        {
            texts.Add(problem);
        }
    }

    public void Clear()
    {
        texts.Clear();
        Count = 0;
    }

    public override string ToString()
    {
        var all = string.Join("; ", texts);
        return Count > texts.Count ? $"{all}; and {Count - texts.Count} more" : all;
    }

    /// <summary>Text from a request, cut to a length that can be shown.</summary>
    internal static string Quote(string text) => text.Length <= QuotedCharacters ? text : string.Concat(text.AsSpan(0, QuotedCharacters), "…");
}
