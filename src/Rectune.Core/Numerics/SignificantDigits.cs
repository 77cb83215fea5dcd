using System.Globalization;

namespace Rectune.Core.Numerics;

/// <summary>Numbers cut to the digits that carry meaning.</summary>
public static class SignificantDigits
{
    /// <summary>The nearest value with <paramref name="digits"/> significant digits; zero and non-finite values as they are.</summary>
    public static double Round(double value, int digits)
    {
        if (value == 0 || !double.IsFinite(value))
        {
            return value;
        }

        var scale = Math.Pow(10, digits - 1 - Math.Floor(Math.Log10(Math.Abs(value))));
        return Math.Round(value * scale) / scale;
    }

    /// <summary>The rounded value as a person writes it, without an exponent from a billionth to a quadrillion.</summary>
    public static string Text(double value, int digits) => Round(value, digits).ToString("0.#########", CultureInfo.InvariantCulture);
}
