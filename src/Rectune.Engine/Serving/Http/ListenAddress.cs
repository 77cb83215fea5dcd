using System.Net;
using Rectune.Core.Domain;

namespace Rectune.Engine.Serving.Http;

/// <summary>A loopback address and port, read from a URL.</summary>
internal sealed record ListenAddress(string Url, IPAddress Address, int Port)
{
    private const int LastPort = 65535;

    /// <summary>A URL that is likely free when this one is taken.</summary>
    public string Neighbour => $"http://127.0.0.1:{(Port is 0 or LastPort ? 8001 : Port + 1)}";

    /// <exception cref="InvalidInputException">Some are no <c>http://</c> URLs of the loopback interface; all are listed.</exception>
    public static IReadOnlyList<ListenAddress> ParseAll(IReadOnlyList<string> urls)
    {
        var problems = new List<InputProblem>();
        var addresses = new List<ListenAddress>();
        foreach (var url in urls)
        {
            var problem = TryParse(url, out var address);
            if (problem is null)
            {
                addresses.Add(address!);
            }
            else
            {
                problems.Add(new InputProblem("--urls", problem, "rectune serves this machine only; put a proxy in front to serve others"));
            }
        }

        if (urls.Count == 0)
        {
            problems.Add(new InputProblem("--urls", "found none, expected at least one, such as http://127.0.0.1:8000"));
        }

        return problems.Count == 0 ? addresses : throw new InvalidInputException(problems);
    }

    private static string? TryParse(string text, out ListenAddress? address)
    {
        address = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp)
        {
            return $"found '{text}', expected http://127.0.0.1:<port>";
        }

        if (uri.PathAndQuery != "/" || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0)
        {
            return $"found '{text}', expected no path, user or query";
        }

        var ip = uri.DnsSafeHost == "localhost" ? IPAddress.Loopback
            : IPAddress.TryParse(uri.DnsSafeHost, out var parsed) ? parsed : null;
        if (ip is null || !IPAddress.IsLoopback(ip))
        {
            return $"found host '{uri.Host}' in '{text}', expected 127.0.0.1, localhost or [::1]";
        }

        address = new ListenAddress(text, ip, uri.Port);
        return null;
    }
}
