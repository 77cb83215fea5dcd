using System.Security.Cryptography;
using System.Text;

namespace Rectune.Core.Formats;

/// <summary>Identity of a text: SHA-256 over its UTF-8 bytes, lowercase hexadecimal.</summary>
public static class TextHash
{
    public static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
