using System.Reflection;
using System.Text;
using Rectune.Core.Numerics;

namespace Rectune.Tests.Fakes;

/// <summary>Fills any record of the domain with arbitrary values of the right types, optional members sometimes absent. Not meaningful, only well-typed.</summary>
public sealed class RandomRecords(ulong seed)
{
    private static readonly double[] Corners = [0, 1, 0.1, 1e-300, 5e-324, 1e300, double.MaxValue, 123456789.123456789, 1e15, 1e16, 2.5e-7, -3.25];
    private static readonly string[] Alphabet = ["a", "Z", "0", " ", "\"", "\\", "/", "\n", "\t", "é", "µ", "漢", "😀", "\u2028", "<", "{", "}", "\u0001"];

    private SplitMix64 random = new(seed);

    public T Create<T>() => (T)Create(typeof(T), depth: 0);

    private object Create(Type type, int depth)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return Create(inner, depth);
        }

        if (type == typeof(string))
        {
            return Text();
        }

        if (type == typeof(bool))
        {
            return random.NextInt64(2) == 0;
        }

        if (type == typeof(int))
        {
            return (int)random.NextInt64(random.NextInt64(2) == 0 ? 100 : int.MaxValue);
        }

        if (type == typeof(long))
        {
            return random.NextInt64(random.NextInt64(2) == 0 ? 100 : long.MaxValue);
        }

        if (type == typeof(ulong))
        {
            return random.NextUInt64();
        }

        if (type == typeof(double))
        {
            return Number();
        }

        if (type.IsEnum)
        {
            var values = Enum.GetValues(type);
            return values.GetValue(random.NextInt64(values.Length))!;
        }

        if (type == typeof(IReadOnlyDictionary<string, string>))
        {
            var map = new Dictionary<string, string>(StringComparer.Ordinal);
            for (var i = random.NextInt64(4); i > 0; i--)
            {
                map[Text()] = Text();
            }

            return map;
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            var list = Array.CreateInstance(type.GetGenericArguments()[0], random.NextInt64(4));
            for (var i = 0; i < list.Length; i++)
            {
                list.SetValue(Create(type.GetGenericArguments()[0], depth + 1), i);
            }

            return list;
        }

        return Record(type, depth);
    }

    private object Record(Type type, int depth)
    {
        var record = Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.SetMethod is not null))
        {
            var optional = new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;
            if (!optional || random.NextInt64(3) > 0)
            {
                property.SetValue(record, Create(property.PropertyType, depth + 1));
            }
        }

        return record;
    }

    private double Number()
    {
        switch (random.NextInt64(3))
        {
            case 0: return Corners[random.NextInt64(Corners.Length)];
            case 1: return random.NextDouble() * 1000;
            default:
                var bits = BitConverter.UInt64BitsToDouble(random.NextUInt64());
                return double.IsFinite(bits) ? bits : 7.5;
        }
    }

    private string Text()
    {
        var text = new StringBuilder();
        for (var i = random.NextInt64(8); i > 0; i--)
        {
            text.Append(Alphabet[random.NextInt64(Alphabet.Length)]);
        }

        return text.ToString();
    }
}
