using System.Text;

namespace Rectune.Engine.Load.Http;

/// <summary>What a complete response means for its query.</summary>
internal static class Answer
{
    /// <summary>Bytes of an unwelcome answer that messages repeat.</summary>
    private const int Quoted = 200;

    /// <param name="jsonBytes">Length of the JSON part where raw tensors follow it; null where the response does not say.</param>
    /// <param name="outputsSeen">Whether bodies need not be looked into any more.</param>
    /// <param name="problemKnown">Whether no text is needed of what went wrong: the first is told, and no text made of the others.</param>
    public static (AnswerKind Kind, string? Problem) Judge(int status, ReadOnlySpan<byte> body, int? jsonBytes, bool outputsSeen, bool problemKnown)
    {
        switch (status)
        {
            case 200:
                var wrong = outputsSeen ? null : OutputCheck.Problem(body, jsonBytes);
                return wrong is null ? (AnswerKind.Answered, null) : (AnswerKind.Malformed, $"an answer without output tensors: {wrong}: {Quote(body)}");
            case 429 or 503:
                return (AnswerKind.Refused, problemKnown ? null : Unwelcome(status, body));
            default:
                return (AnswerKind.OtherStatus, problemKnown ? null : Unwelcome(status, body));
        }
    }

    public static string Quote(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes[..Math.Min(Quoted, bytes.Length)]);

    private static string Unwelcome(int status, ReadOnlySpan<byte> body) => $"status {status}{(body.IsEmpty ? "" : ": ")}{Quote(body)}";
}
