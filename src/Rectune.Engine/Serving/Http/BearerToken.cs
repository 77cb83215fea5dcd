using System.Security.Cryptography;
using System.Text;
using Rectune.Core.Domain;
using Rectune.Core.Formats;

namespace Rectune.Engine.Serving.Http;

/// <summary>
/// A secret that requests must carry as <c>Authorization: Bearer …</c> (RFC 6750). Only its digest is kept: it can be neither printed nor logged, and comparing takes the same time
/// whatever differs.
/// </summary>
public sealed class BearerToken
{
    private const int FewestCharacters = 16;
    private const int MostCharacters = 1024;
    private const string Scheme = "Bearer ";

    private readonly byte[] digest;

    private BearerToken(string token) => digest = SHA256.HashData(Encoding.ASCII.GetBytes(token));

    /// <param name="text">What a file holds: the token, with or without blanks and line ends around it.</param>
    /// <param name="where">The file, for messages.</param>
    /// <exception cref="InvalidInputException">It is too short, too long, or has characters that no header can carry. The message does not repeat it.</exception>
    public static BearerToken Read(string text, string where)
    {
        return new BearerToken(TokenFormat.Read(
            text,
            where,
            length => length is < FewestCharacters or > MostCharacters ? $"found a token of {length} characters, expected {FewestCharacters} to {MostCharacters}" : null,
            "make one: openssl rand -hex 32"));
    }

    /// <summary>Whether a value of the <c>Authorization</c> header carries it. Allocates nothing.</summary>
    public bool IsIn(string? authorization)
    {
        if (authorization is null || authorization.Length > Scheme.Length + MostCharacters || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var given = authorization.AsSpan(Scheme.Length).Trim(' ');
        Span<byte> bytes = stackalloc byte[MostCharacters * 3];
        Span<byte> found = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(given, bytes)], found);
        return CryptographicOperations.FixedTimeEquals(found, digest);
    }
}
