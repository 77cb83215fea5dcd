using Microsoft.AspNetCore.Http;

namespace Rectune.Engine.Serving.Http;

/// <summary>The id that a client or proxy gives a request in a header, echoed in its answer whatever that is.</summary>
internal static class RequestId
{
    public const string Header = "X-Request-Id";

    /// <summary>Ids in use are 36 characters and the like; a longer one is not ours to carry.</summary>
    private const int MostCharacters = 128;

    /// <summary>Null where there is none, or none that can be echoed.</summary>
    public static string? Of(HttpContext context)
    {
        var values = context.Request.Headers[Header];
        return values.Count == 1 && values[0] is { Length: > 0 and <= MostCharacters } id && !id.AsSpan().ContainsAnyExceptInRange('!', '~') ? id : null;
    }

    public static void Echo(HttpContext context)
    {
        if (Of(context) is { } id)
        {
            context.Response.Headers[Header] = id;
        }
    }
}
