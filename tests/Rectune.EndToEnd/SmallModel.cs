using System.Globalization;

namespace Rectune.EndToEnd;

/// <summary>A DLRM small enough that planning takes seconds, with everything that the large one has.</summary>
internal static class SmallModel
{
    /// <summary>Card text with 13 dense features and 26 one-hot tables, so that click logs fit it.</summary>
    public static string Card(int topWidth = 32)
    {
        var features = string.Join(",\n", Enumerable.Range(1, 26).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $$"""    { "name": "C{{i}}", "rows": {{10 * i * i}}, "dim": 8 }""")));
        return $$"""
            {
              "schema": "rectune.card/1",
              "name": "small",
              "description": "a small DLRM",
              "source": "assumed: for tests",
              "denseFeatures": 13,
              "sparse": [
            {{features}}
              ],
              "bottomMlp": [32, 8],
              "interaction": "dot",
              "topMlp": [{{topWidth}}, 1],
              "skew": { "zipfExponent": 1.0, "source": "assumed", "where": "for tests" },
              "sla": { "percentile": 99, "limitMs": 100, "source": "assumed", "where": "for tests" }
            }
            """;
    }

    /// <summary>A click log in Criteo format with some missing values.</summary>
    public static string Clicks(int rows)
    {
        var text = new System.Text.StringBuilder();
        for (var row = 0; row < rows; row++)
        {
            text.Append(row % 4 == 0 ? '1' : '0');
            for (var i = 0; i < 13; i++)
            {
                text.Append('\t').Append((row + i) % 7 == 0 ? "" : ((row * (i + 3)) % 90).ToString(CultureInfo.InvariantCulture));
            }

            for (var i = 0; i < 26; i++)
            {
                text.Append('\t').Append((row + i) % 11 == 0 ? "" : ((row % (i + 5)) * 2654435761u % 4294967291u).ToString("x8", CultureInfo.InvariantCulture));
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}
