using System.Globalization;
using System.Text;
using Rectune.Core.Numerics;

namespace Rectune.Tests.Serving;

/// <summary>
/// Requests for the small card, from a seed: some as they should be, most wrong in one place or several, as structure (keys, names, types, shapes, values, sizes, nesting) and as bytes.
/// </summary>
internal sealed class RequestFuzzer(ulong seed)
{
    private static readonly string[] Names = ["dense", "A", "B", "C", "C.offsets", "A.offsets", "", "x", "\\u0041", "\\ud800", "den\\u0073e", "é", "C.offsets.offsets"];

    private static readonly string[] Datatypes = ["FP32", "INT64", "INT32", "FP64", "UINT32", "UINT64", "BOOL", "BYTES", "fp32", "", "FP16"];

    private static readonly string[] Shapes =
    [
        "[0,3]", "[2]", "[-1,3]", "[2,-3]", "[2,3,4]", "[9223372036854775807,3]", "[9223372036854775808,3]", "[4294967296,1]", "[2147483647,4]", "[1e2,3]", "[2.0,3]", "null", "2", "[2,\"3\"]", "[]", "[[2,3]]",
        "[9,1]", "[8,1]", "[1,1]", "[3,1]", "[2,4]", "{}",
    ];

    private static readonly string[] Values =
    [
        "NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1e-999", "-1", "-9223372036854775808", "9223372036854775807", "18446744073709551615", "2147483648", "4294967295", "99999999999999999999999999",
        "3.4028236e38", "3.4028235e38", "0.5", "1.0", "1e0", "-0", "-0.0", "00", "+1", ".5", "1.", "0x1", "null", "true", "\"7\"", "{}", "[]", "[1]", "[[1]]", "10", "1000", "50", "49", "", "'1'",
    ];

    private static readonly string[] Sizes = ["-1", "0", "1", "8", "9223372036854775807", "9223372036854775808", "24.0", "\"24\"", "null", "1e1", "2147483648"];

    private static readonly string[] Rest =
    [
        "\"id\":\"q\"", "\"id\":7", "\"id\":\"\\u0000\\ud83d\\ude00\"", "\"id\":\"a\",\"id\":\"b\"", "\"parameters\":{\"timeout\":50000}", "\"parameters\":{\"timeout\":-1}", "\"parameters\":{\"timeout\":3600000001}",
        "\"parameters\":{\"timeout\":1.5}", "\"parameters\":{\"binary_data_output\":true}", "\"parameters\":{\"binary_data_output\":1}", "\"parameters\":[]", "\"parameters\":{\"priority\":{\"deep\":[1,2,{}]}}",
        "\"outputs\":[{\"name\":\"score\"}]", "\"outputs\":[{\"name\":\"score\",\"parameters\":{\"binary_data\":true}}]", "\"outputs\":[{\"name\":\"other\"}]", "\"outputs\":[{\"name\":\"score\"},{\"name\":\"score\"}]",
        "\"outputs\":{}", "\"outputs\":[1]", "\"outputs\":[{}]", "\"inputs\":[]", "\"unknown\":[[[{\"a\":1}]]]", "\"\":null",
    ];

    private static readonly string[] Tokens =
    [
        "null", "-1", "1e999", "\"\\ud800\"", "{}", "[]", "[[[", "]", "}", ",", ":", "\"", "\\", "\"dense\"", "\"shape\":[0,3]", "99999999999999999999", "0.5", "\"data\"", "\"binary_data_size\":-1", "INT32", "\u0000",
        "é", "NaN", "-Infinity", "/*", "//", "\u2028", "\ufeff", "true", "1e", "--1",
    ];

    private SplitMix64 random = SplitMix64.For(seed, 0);

    public long Next(long below) => random.NextInt64(below);

    /// <summary>A request, and the length of its JSON part where the client says one, which may be wrong.</summary>
    public (byte[] Body, long? JsonBytes) Request()
    {
        var samples = 1 + (int)Next(3);
        var binary = Next(3) == 0;
        var ragged = Next(3) == 0;
        var faults = Next(4);
        var raw = new List<byte>();
        List<string> inputs =
        [
            Tensor("dense", "FP32", $"[{samples},3]", Floats(samples * 3), ref faults, binary, raw),
            Tensor("A", "INT64", $"[{samples},1]", Ids(samples, 10), ref faults, binary, raw),
            Tensor("B", Next(2) == 0 ? "INT64" : "INT32", $"[{samples},1]", Ids(samples, 1000), ref faults, binary, raw),
        ];
        if (ragged)
        {
            var offsets = Enumerable.Range(0, samples + 1).Select(i => i * (int)(1 + Next(4))).Order().ToArray();
            offsets[0] = (int)(Next(20) == 0 ? 1 : 0);
            inputs.Add(Tensor("C", "INT64", $"[{offsets[^1]}]", Ids(offsets[^1], 50), ref faults, binary, raw));
            inputs.Add(Tensor("C.offsets", "INT64", $"[{samples + 1}]", [.. offsets.Select(Text)], ref faults, binary, raw));
        }
        else
        {
            inputs.Add(Tensor("C", "INT64", $"[{samples},4]", Ids(samples * 4, 50), ref faults, binary, raw));
        }

        Disorder(inputs, ref faults);
        var members = new List<string> { $"\"inputs\":[{string.Join(',', inputs)}]" };
        if (Next(3) == 0)
        {
            members.Insert((int)Next(2), Pick(Rest));
        }

        var json = Encoding.UTF8.GetBytes($"{{{string.Join(',', members)}}}");
        byte[] body = [.. json, .. raw];
        long? said = binary ? json.Length : null;
        if (faults > 0 && Next(3) == 0)
        {
            said = Next(6) switch { 0 => null, 1 => -1, 2 => body.Length + 1L, 3 => long.MaxValue, 4 => 0, _ => json.Length + Next(9) - 4 };
        }

        for (; faults > 0 && Next(2) == 0; faults--)
        {
            body = Damage(body);
        }

        return (body, said);
    }

    /// <summary>A change that knows nothing of the content.</summary>
    private byte[] Damage(byte[] body)
    {
        if (body.Length == 0)
        {
            return body;
        }

        var at = (int)Next(body.Length);
        var length = (int)Math.Min(Next(40), body.Length - at);
        switch (Next(8))
        {
            case 0:
                var flipped = (byte[])body.Clone();
                flipped[at] ^= (byte)(1 << (int)Next(8));
                return flipped;
            case 1:
                return body[..at];
            case 2:
                return [.. body[..at], .. body[(at + length)..]];
            case 3:
                return [.. body[..(at + length)], .. body[at..]];
            case 4:
                return [.. body[..at], .. Encoding.UTF8.GetBytes(Pick(Tokens)), .. body[at..]];
            case 5:
                return [.. body[..at], .. Enumerable.Repeat((byte)"[{\""[(int)Next(3)], 1 + (int)Next(100)), .. body[at..]];
            case 6:
                var noise = new byte[1 + Next(64)];
                for (var i = 0; i < noise.Length; i++)
                {
                    noise[i] = (byte)Next(256);
                }

                return [.. body[..at], .. noise, .. body[(at + length)..]];
            default:
                return [.. body[..at], (byte)('0' + Next(10)), .. body[(at + 1)..]];
        }
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private string Pick(string[] from) => from[Next(from.Length)];

    private string[] Floats(int count) => [.. Enumerable.Range(0, count).Select(_ => (Next(200) / 8.0 - 10).ToString(CultureInfo.InvariantCulture))];

    private string[] Ids(int count, int rows) => [.. Enumerable.Range(0, count).Select(_ => Text((int)Next(rows)))];

    /// <summary>One tensor with at most one fault more, if any are left; its raw bytes, where it has any, are appended to <paramref name="raw"/>.</summary>
    private string Tensor(string name, string datatype, string shape, string[] values, ref long faults, bool binary, List<byte> raw)
    {
        var fault = faults > 0 && Next(3) == 0 ? (int)Next(10) : -1;
        faults -= fault >= 0 ? 1 : 0;
        switch (fault)
        {
            case 0:
                name = Pick(Names);
                break;
            case 1:
                datatype = Pick(Datatypes);
                break;
            case 2:
                shape = Pick(Shapes);
                break;
            case 3 when values.Length > 0:
                values[Next(values.Length)] = Pick(Values);
                break;
            case 4:
                values = [.. values, .. Ids((int)Next(4), 9)];
                break;
            case 5 when values.Length > 0:
                values = values[..(int)Next(values.Length)];
                break;
        }

        var (width, length) = (shape.EndsWith(",3]", StringComparison.Ordinal) ? 3 : shape.EndsWith(",4]", StringComparison.Ordinal) ? 4 : 1, raw.Count);
        string content;
        if (binary && Next(8) != 0)
        {
            foreach (var value in values)
            {
                raw.AddRange(Bytes(datatype, value));
            }

            var size = fault == 6 ? Pick(Sizes) : Text(raw.Count - length);
            content = $"\"parameters\":{{\"binary_data_size\":{size}}}";
        }
        else
        {
            var nested = Next(2) == 0 && values.Length % width == 0 && shape.Contains(',', StringComparison.Ordinal);
            content = $"\"data\":[{(nested ? string.Join(',', values.Chunk(width).Select(row => $"[{string.Join(',', row)}]")) : string.Join(',', values))}]";
            content = fault == 7 ? $"{content},\"parameters\":{{\"binary_data_size\":{Pick(Sizes)}}}" : content;
        }

        List<string> members = [$"\"name\":\"{name}\"", $"\"shape\":{shape}", $"\"datatype\":\"{datatype}\"", content];
        if (Next(3) == 0)
        {
            (members[0], members[3]) = (members[3], members[0]);
        }

        if (fault == 8)
        {
            members.RemoveAt((int)Next(members.Count));
        }
        else if (fault == 9)
        {
            members.Add(members[(int)Next(members.Count)]);
        }

        return $"{{{string.Join(',', members)}}}";
    }

    /// <summary>Another order, which is none of the faults, or a tensor too many or too few.</summary>
    private void Disorder(List<string> inputs, ref long faults)
    {
        if (faults > 0 && Next(6) == 0)
        {
            faults--;
            inputs.RemoveAt((int)Next(inputs.Count));
        }
        else if (faults > 0 && Next(6) == 0)
        {
            faults--;
            inputs.Add(inputs[(int)Next(inputs.Count)]);
        }
        else if (faults > 0 && Next(12) == 0)
        {
            faults--;
            inputs.Insert((int)Next(inputs.Count), Pick(Values));
        }
    }

    private byte[] Bytes(string datatype, string value)
    {
        _ = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number);
        _ = long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole);
        number = value switch { "NaN" => double.NaN, "Infinity" => double.PositiveInfinity, "-Infinity" => double.NegativeInfinity, _ => number };
        return datatype switch
        {
            "FP32" => SmallRequests.Floats((float)number),
            "FP64" => BitConverter.GetBytes(number),
            "INT32" or "UINT32" => SmallRequests.Ints((int)whole),
            "INT64" or "UINT64" => SmallRequests.Longs(whole),
            _ => [(byte)Next(256)],
        };
    }
}
