using System.Text;

namespace Rectune.Engine.Data;

/// <summary>Strict readings of one field: digits only, no sign but a minus, no blanks.</summary>
internal static class CriteoField
{
    /// <summary>Longest piece of a bad field that a message repeats.</summary>
    private const int ShownBytes = 24;

    public static bool TryInteger(ReadOnlySpan<byte> text, out int? value)
    {
        value = null;
        if (text.IsEmpty)
        {
            return true;
        }

        var digits = text[0] == '-' ? text[1..] : text;
        long magnitude = 0;
        foreach (var letter in digits)
        {
            var digit = letter - '0';
            if (digit is < 0 or > 9 || magnitude > int.MaxValue)
            {
                return false;
            }

            magnitude = (magnitude * 10) + digit;
        }

        var signed = digits.Length == text.Length ? magnitude : -magnitude;
        if (digits.IsEmpty || signed is < int.MinValue or > int.MaxValue)
        {
            return false;
        }

        value = (int)signed;
        return true;
    }

    public static bool TryCategory(ReadOnlySpan<byte> text, out uint? value)
    {
        value = null;
        if (text.IsEmpty)
        {
            return true;
        }

        if (text.Length > 8)
        {
            return false;
        }

        uint bits = 0;
        foreach (var letter in text)
        {
            var digit = letter switch
            {
                >= (byte)'0' and <= (byte)'9' => letter - '0',
                >= (byte)'a' and <= (byte)'f' => letter - 'a' + 10,
                >= (byte)'A' and <= (byte)'F' => letter - 'A' + 10,
                _ => -1,
            };
            if (digit < 0)
            {
                return false;
            }

            bits = (bits << 4) | (uint)digit;
        }

        value = bits;
        return true;
    }

    /// <summary>The field for a message: shortened, and with anything that a terminal might act on written out.</summary>
    public static string Show(ReadOnlySpan<byte> text)
    {
        var shown = new StringBuilder();
        foreach (var letter in text[..Math.Min(text.Length, ShownBytes)])
        {
            _ = letter is >= 0x20 and < 0x7F ? shown.Append((char)letter) : shown.Append($"\\x{letter:X2}");
        }

        return text.Length > ShownBytes ? shown.Append("...").ToString() : shown.ToString();
    }
}
