using System.Globalization;
using Newtonsoft.Json;
using Rectune.Core.Domain;

namespace Rectune.Core.Formats;

/// <summary>Builds the tree of a checked text. Duplicate members are reported and the first one is kept.</summary>
internal sealed class JsonTree
{
    private readonly ProblemList problems;
    private readonly JsonTextReader reader;
    private readonly IReadOnlyList<Range> tokens;
    private readonly string text;
    private int next;

    private JsonTree(InputText input, JsonTextReader reader, ProblemList problems)
    {
        this.problems = problems;
        this.reader = reader;
        text = input.Text;
        tokens = JsonGrammar.Check(input);
    }

    /// <summary>The document, which must be an object. Throws <see cref="InvalidInputException"/> when the text is no JSON at all.</summary>
    public static JsonNode Parse(InputText input, ProblemList problems)
    {
        using var source = new JsonTextReader(new StringReader(input.Text))
        {
            DateParseHandling = DateParseHandling.None,
            FloatParseHandling = FloatParseHandling.Double,
            MaxDepth = JsonGrammar.MaximumDepth + 1,
            Culture = CultureInfo.InvariantCulture,
        };
        var tree = new JsonTree(input, source, problems);
        try
        {
            tree.Advance();
            var root = tree.Value(null, "");
            return root.Kind == JsonKind.Object
                ? root
                : throw new InvalidInputException(input.Where(root.Offset, "$"), $"found {root.Found}, expected an object");
        }
        catch (JsonException e)
        {
            throw new InvalidInputException(input.Where(tree.tokens[tree.next - 1].Start.Value), e.Message);
        }
    }

    private Range Advance()
    {
        var token = tokens[next++];
        return reader.Read() ? token : throw new InvalidOperationException("the grammar saw a token that the reader does not see");
    }

    private JsonNode Value(JsonNode? parent, string step)
    {
        var token = tokens[next - 1];
        var start = token.Start.Value;
        switch (reader.TokenType)
        {
            case JsonToken.StartObject:
                var node = new JsonNode(JsonKind.Object, start, parent, step);
                Members(node);
                return node;
            case JsonToken.StartArray:
                var list = new JsonNode(JsonKind.Array, start, parent, step);
                Advance();
                while (reader.TokenType != JsonToken.EndArray)
                {
                    list.Items.Add(Value(list, $"[{list.Items.Count}]"));
                    Advance();
                }

                return list;
            case JsonToken.String:
                return new JsonNode(JsonKind.String, start, parent, step) { Text = (string)reader.Value! };
            case JsonToken.Integer or JsonToken.Float:
                return new JsonNode(JsonKind.Number, start, parent, step) { Text = text[token] };
            case JsonToken.Boolean:
                return new JsonNode(JsonKind.Boolean, start, parent, step) { Text = text[token] };
            case JsonToken.Null:
                return new JsonNode(JsonKind.Null, start, parent, step) { Text = "null" };
            default:
                throw new InvalidOperationException($"unexpected token {reader.TokenType}");
        }
    }

    private void Members(JsonNode node)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var token = Advance();
        while (reader.TokenType != JsonToken.EndObject)
        {
            var name = (string)reader.Value!;
            var offset = token.Start.Value;
            Advance();
            var value = Value(node, JsonNode.MemberStep(name));
            if (names.Add(name))
            {
                node.Members.Add(new JsonMember(name, offset, value));
            }
            else
            {
                problems.Add(offset, value.Path, "the member appears twice", "keep one");
            }

            token = Advance();
        }
    }
}
