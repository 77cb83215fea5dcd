using System.Buffers;
using Rectune.Core.Domain;

namespace Rectune.Core.Formats;

/// <summary>Bearer tokens as files hold them: alone, with or without blanks and line ends around them. A server reads the one that it asks for, a client the one that it sends.</summary>
public static class TokenFormat
{
    // RFC 6750, section 2.1: b64token.
    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=");

    /// <param name="text">What the file holds.</param>
    /// <param name="where">The file, for messages.</param>
    /// <param name="lengthProblem">What is wrong with a token of so many characters; null where nothing is.</param>
    /// <param name="remedy">What to do about either.</param>
    /// <exception cref="InvalidInputException">It is too short or too long, or has characters that no header can carry. The message does not repeat it.</exception>
    public static string Read(string text, string where, Func<int, string?> lengthProblem, string remedy)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(lengthProblem);
        var token = text.Trim();
        var problem = lengthProblem(token.Length)
            ?? (token.AsSpan().IndexOfAnyExcept(Allowed) is >= 0 and var at
                ? $"found a character that a bearer token cannot have at place {at + 1}, expected letters, digits and -._~+/= on one line"
                : null);
        return problem is null ? token : throw new InvalidInputException(where, problem, remedy);
    }
}
