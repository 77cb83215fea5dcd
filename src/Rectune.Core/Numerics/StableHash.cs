using System.Text;

namespace Rectune.Core.Numerics;

/// <summary>A hash of text that is the same in every process and version: 64-bit FNV-1a over UTF-8 (Fowler, Noll and Vo).</summary>
public static class StableHash
{
    private const ulong Offset = 0xCBF29CE484222325;
    private const ulong Prime = 0x100000001B3;

    public static ulong Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var hash = Offset;
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            hash = (hash ^ octet) * Prime;
        }

        return hash;
    }
}
