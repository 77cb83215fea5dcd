using Rectune.Core.Domain;

namespace Rectune.Engine.Load.Http;

/// <summary>One query before the load: a server that cannot answer it need not be loaded.</summary>
public sealed class FirstQuery : IQueryObserver, IDisposable
{
    private readonly ManualResetEventSlim ended = new();

    private FirstQuery()
    {
    }

    /// <summary>Sends the smallest request and waits for its answer, which the target's timeout bounds.</summary>
    /// <exception cref="InvalidInputException">The server finds fault with the request.</exception>
    /// <exception cref="MissingResourceException">The server does not answer it.</exception>
    public static void Require(IHttpLoadTarget target, PreparedRequests requests, ServerAddress address, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentNullException.ThrowIfNull(address);
        using var query = new FirstQuery();
        if (target.Submit(requests.Pool, 0, requests.Smallest, query, tag: 0) == Admission.Accepted)
        {
            query.ended.Wait(cancellation);
        }

        var report = target.TakeReport();
        if (report.Answered == 1)
        {
            return;
        }

        if (report.FirstProblem?.StartsWith("status 401", StringComparison.Ordinal) == true)
        {
            throw address.Unauthorized();
        }

        throw report.OtherStatus > 0 && report.FirstProblem?.StartsWith("status 4", StringComparison.Ordinal) == true
            ? new InvalidInputException("first query", $"the server at {address} answered {report.FirstProblem}", "check --model or --name, --quality-min, and --max-id where ids are drawn without a model")
            : new MissingResourceException($"The server at {address} did not answer the first query: {report.FirstProblem}.", "Look at its log, or raise --timeout.");
    }

    public void Ended(long tag, ReadOnlySpan<float> scores, QueryEnd end) => ended.Set();

    public void Dispose() => ended.Dispose();
}
