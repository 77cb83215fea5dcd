using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Rectune.Engine.Serving.Http;

/// <summary>
/// The page at <c>/</c>: one file that fetches <c>/v2/live</c> once a second and nothing else. Its policy lets the browser run this script and this style and no other.
/// </summary>
internal static class LivePage
{
    private static readonly string Text = Load();

    private static readonly byte[] Bytes = Encoding.UTF8.GetBytes(Text);

    /// <summary>Content security policy, level 2 (https://www.w3.org/TR/CSP2/): script and style by their digests.</summary>
    public static string Policy { get; } =
        $"default-src 'none'; script-src '{Digest("script")}'; style-src '{Digest("style")}'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static async Task WriteAsync(HttpContext context, int status)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = Bytes.Length;
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = "no-store";
        await response.BodyWriter.WriteAsync(Bytes);
    }

    private static string Load()
    {
        using var stream = typeof(LivePage).Assembly.GetManifestResourceStream("live.html")
            ?? throw new InvalidOperationException("live.html is not embedded in the assembly");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>Of all between the tags, which is what a browser digests.</summary>
    private static string Digest(string element)
    {
        var from = Text.IndexOf($"<{element}>", StringComparison.Ordinal) + element.Length + 2;
        var to = Text.IndexOf($"</{element}>", from, StringComparison.Ordinal);
        return $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Text[from..to])))}";
    }
}
