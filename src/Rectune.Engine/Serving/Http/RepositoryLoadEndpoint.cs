using Microsoft.AspNetCore.Http;

namespace Rectune.Engine.Serving.Http;

/// <summary>
/// Answers <c>POST /v2/repository/models/NAME/load</c>: the plan's file as it is now takes the place of the plan that is served, and no query fails for it. Answered once it has, or with what is in
/// the way; the plan before then stays.
/// </summary>
internal sealed class RepositoryLoadEndpoint(HttpServerOptions options)
{
    private static readonly byte[] Done = "{}"u8.ToArray();

    public async Task AnswerAsync(HttpContext context)
    {
        if (options.Reload is not { } reload)
        {
            await JsonReply.WriteErrorAsync(context, StatusCodes.Status501NotImplemented, "this server cannot load another plan");
            return;
        }

        if (context.Request.Headers.Origin.Count > 0)
        {
            await JsonReply.WriteErrorAsync(context, StatusCodes.Status403Forbidden, "found a request that a web page makes, expected one of an operator's tools, without Origin");
            return;
        }

        // Generating tables takes seconds to minutes, which no thread of the connections may spend.
        var problem = await Task.Factory.StartNew(reload, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await (problem is null
            ? JsonReply.WriteAsync(context, StatusCodes.Status200OK, Done)
            : JsonReply.WriteErrorAsync(context, StatusCodes.Status400BadRequest, problem));
    }
}
