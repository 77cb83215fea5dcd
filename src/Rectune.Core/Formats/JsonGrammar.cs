using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Rectune.Core.Domain;

namespace Rectune.Core.Formats;

/// <summary>
/// Holds a text to the grammar of RFC 8259 and notes where every token lies. Newtonsoft.Json alone would also take comments, single quotes, bare names,
/// trailing commas, octal and hexadecimal numbers, NaN and constructors.
/// </summary>
internal sealed class JsonGrammar
{
    /// <summary>Nesting that no file of this project comes near.</summary>
    public const int MaximumDepth = 32;

    private readonly InputText input;
    private readonly string text;
    private readonly List<Range> tokens = [];
    private int at;

    private JsonGrammar(InputText input)
    {
        this.input = input;
        text = input.Text;
    }

    /// <summary>
    /// Where every token lies, in the order in which a reader meets them: starts and ends of objects and arrays, member names, values.
    /// Throws <see cref="InvalidInputException"/> at the first breach: what follows one cannot be understood.
    /// </summary>
    public static IReadOnlyList<Range> Check(InputText input)
    {
        var grammar = new JsonGrammar(input);
        grammar.SkipSpace();
        if (grammar.at == grammar.text.Length)
        {
            throw new InvalidInputException(input.Where(grammar.at), "the file is empty, expected a JSON object");
        }

        grammar.Value(depth: 1);
        grammar.SkipSpace();
        if (grammar.at < grammar.text.Length)
        {
            grammar.Fail("nothing after the end of the document");
        }

        return grammar.tokens;
    }

    private void Value(int depth)
    {
        switch (Peek("a value"))
        {
            case '{': Members(depth); break;
            case '[': Items(depth); break;
            case '"': String(); break;
            case 't': Word("true"); break;
            case 'f': Word("false"); break;
            case 'n': Word("null"); break;
            case '-' or (>= '0' and <= '9'): Number(); break;
            default: Fail("a value"); break;
        }
    }

    private void Members(int depth)
    {
        Open(depth);
        if (Peek("a member name or '}'") != '}')
        {
            while (true)
            {
                if (Peek("a member name in double quotes") != '"')
                {
                    Fail("a member name in double quotes");
                }

                String();
                SkipSpace();
                Take(':', "':' after the member name");
                SkipSpace();
                Value(depth + 1);
                SkipSpace();
                if (Peek("',' or '}'") != ',')
                {
                    break;
                }

                at++;
                SkipSpace();
            }
        }

        Close('}', "',' or '}'");
    }

    private void Items(int depth)
    {
        Open(depth);
        if (Peek("a value or ']'") != ']')
        {
            while (true)
            {
                Value(depth + 1);
                SkipSpace();
                if (Peek("',' or ']'") != ',')
                {
                    break;
                }

                at++;
                SkipSpace();
            }
        }

        Close(']', "',' or ']'");
    }

    private void Open(int depth)
    {
        if (depth > MaximumDepth)
        {
            throw new InvalidInputException(input.Where(at), $"nested deeper than {MaximumDepth} levels");
        }

        tokens.Add(at..(at + 1));
        at++;
        SkipSpace();
    }

    private void Close(char end, string expected)
    {
        Take(end, expected);
        tokens.Add((at - 1)..at);
    }

    private void String()
    {
        var start = at++;
        while (true)
        {
            var c = Peek("the end of the string", start);
            if (c < ' ')
            {
                Fail("a string that closes on its line, with control characters escaped");
            }

            at++;
            if (c == '"')
            {
                tokens.Add(start..at);
                return;
            }

            if (c == '\\')
            {
                Escape(start);
            }
        }
    }

    private void Escape(int start)
    {
        var c = Peek("the end of the string", start);
        if (!"\"\\/bfnrtu".Contains(c))
        {
            Fail("one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
        }

        at++;
        for (var digit = 0; c == 'u' && digit < 4; digit++)
        {
            if (!char.IsAsciiHexDigit(Peek("four hexadecimal digits", start)))
            {
                Fail("four hexadecimal digits");
            }

            at++;
        }
    }

    private void Number()
    {
        var start = at;
        if (text[at] == '-')
        {
            at++;
        }

        if (Peek("a digit") == '0')
        {
            at++;
            if (at < text.Length && char.IsAsciiDigit(text[at]))
            {
                Fail("a number without leading zeros");
            }
        }
        else
        {
            Digits();
        }

        if (at < text.Length && text[at] == '.')
        {
            at++;
            Digits();
        }

        if (at < text.Length && text[at] is 'e' or 'E')
        {
            at++;
            if (Peek("an exponent") is '+' or '-')
            {
                at++;
            }

            Digits();
        }

        tokens.Add(start..at);
    }

    private void Digits()
    {
        if (!char.IsAsciiDigit(Peek("a digit")))
        {
            Fail("a digit");
        }

        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }
    }

    private void Word(string word)
    {
        var start = at;
        foreach (var c in word)
        {
            if (Peek(word, start) != c)
            {
                at = start;
                Fail("a value (strings stand in double quotes)");
            }

            at++;
        }

        tokens.Add(start..at);
    }

    private void SkipSpace()
    {
        while (at < text.Length && text[at] is ' ' or '\t' or '\n' or '\r')
        {
            at++;
        }
    }

    private void Take(char c, string expected)
    {
        if (Peek(expected) != c)
        {
            Fail(expected);
        }

        at++;
    }

    private char Peek(string expected, int? begun = null)
    {
        if (at < text.Length)
        {
            return text[at];
        }

        var since = begun is { } start ? $" (begun at {input.Where(start)})" : "";
        throw new InvalidInputException(
            input.Where(at), $"the file ends early, expected {expected}{since}", "the file is truncated: restore it or write it again");
    }

    [DoesNotReturn]
    private void Fail(string expected)
    {
        var c = text[at];
        var found = c is > ' ' and < '\u007f' ? $"'{c}'" : string.Create(CultureInfo.InvariantCulture, $"U+{(int)c:X4}");
        throw new InvalidInputException(input.Where(at), $"found {found}, expected {expected}");
    }
}
