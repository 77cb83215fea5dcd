using System.Text;
using Microsoft.AspNetCore.Http;
using Rectune.Core.Domain;
using Rectune.Engine.Serving.Protocol;

namespace Rectune.Engine.Serving.Http;

/// <summary>Hands every request to what answers it, and answers the rest with the protocol's error object.</summary>
internal sealed class RequestRouter
{
    private static readonly byte[] LiveDocument = Encoding.UTF8.GetBytes("""{"live":true}""");
    private static readonly byte[] ReadyDocument = Encoding.UTF8.GetBytes("""{"ready":true}""");
    private static readonly byte[] NotReadyDocument = Encoding.UTF8.GetBytes("""{"ready":false}""");

    private readonly HttpServerOptions options;
    private readonly ServerWatch watch;
    private readonly InferEndpoint infer;
    private readonly RepositoryIndexEndpoint index;
    private readonly RepositoryLoadEndpoint load;
    private readonly MetricsPage metricsPage;
    private readonly RecentDocument recent;
    private readonly byte[] serverDocument;
    private readonly byte[] modelDocument;

    public RequestRouter(HttpServerOptions options, string version, InputLayout layout, IQueryTarget target, ServerWatch watch, DrainGate gate)
    {
        this.options = options;
        this.watch = watch;
        infer = new InferEndpoint(options, layout, target, watch, gate);
        index = new RepositoryIndexEndpoint(options, watch);
        load = new RepositoryLoadEndpoint(options);
        metricsPage = new MetricsPage(options, version, watch);
        recent = new RecentDocument(options, watch);
        serverDocument = MetadataDocuments.Server(version);
        modelDocument = MetadataDocuments.Model(options.ModelName, options.ModelVersion, layout);
    }

    /// <summary>Memory for requests that was made so far, in requests.</summary>
    public int ExchangesMade => infer.ExchangesMade;

    /// <summary>Bytes of the bodies of all requests that are under way.</summary>
    public long BodyBytes => infer.BodyBytes;

    /// <summary>The most that these may be.</summary>
    public long MostBodyBytes => infer.MostBodyBytes;

    public async Task AnswerAsync(HttpContext context)
    {
        RequestId.Echo(context);
        var path = RequestPath.Parse(context.Request.Path.Value ?? "");
        if (path.Kind != RequestKind.Infer || InstanceThread.IsCurrent)
        {
            await SocketCompletions.LeaveAsync();
        }

        try
        {
            await AnswerAsync(context, path);
        }
        catch (BadHttpRequestException e)
        {
            await JsonReply.WriteErrorAsync(context, e.StatusCode, $"body: {e.Message}");
        }
        finally
        {
            // The connection's next request may be here already, and after it another. An instance's thread leaves once the headers of one are read, and before a connection is closed: both are seldom.
            if (!InstanceThread.IsCurrent || context.Request.Headers.Connection is not ([] or ["keep-alive"]))
            {
                await SocketCompletions.LeaveAsync();
            }
        }
    }

    private async Task AnswerAsync(HttpContext context, RequestPath path)
    {
        if (!IsAllowed(context, path.Kind))
        {
            await RefuseStrangerAsync(context, path.Kind);
            return;
        }

        if (path.Kind == RequestKind.Unknown)
        {
            await JsonReply.WriteErrorAsync(
                context, StatusCodes.Status404NotFound,
                $"found no '{ProblemList.Quote(context.Request.Path.Value ?? "")}', expected /v2, /v2/health/live, /v2/health/ready, "
                + $"/v2/models/{options.ModelName}, /v2/models/{options.ModelName}/ready, /v2/models/{options.ModelName}/infer, /v2/repository/index, /v2/repository/models/{options.ModelName}/load, /v2/live, /metrics or /");
            return;
        }

        var posts = path.Kind is RequestKind.Infer or RequestKind.RepositoryIndex or RequestKind.RepositoryLoad;
        var method = context.Request.Method;
        if (posts ? !HttpMethods.IsPost(method) : !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method))
        {
            context.Response.Headers.Allow = posts ? "POST" : "GET, HEAD";
            await JsonReply.WriteErrorAsync(
                context, StatusCodes.Status405MethodNotAllowed, $"found method {ProblemList.Quote(method)}, expected {(posts ? "POST" : "GET")}");
            return;
        }

        if (MissingModel(path) is { } missing)
        {
            await JsonReply.WriteErrorAsync(context, StatusCodes.Status404NotFound, missing);
            return;
        }

        await AnswerAsync(context, path.Kind);
    }

    /// <summary>Health is for whoever watches over servers, which is commonly not who uses them.</summary>
    private bool IsAllowed(HttpContext context, RequestKind kind) =>
        options.Token is null
        || kind is RequestKind.Live or RequestKind.Ready or RequestKind.ModelReady
        || (context.Request.Headers.Authorization is [var value] && options.Token.IsIn(value));

    /// <summary>The page comes as the body of its refusal: it says nothing of this server, and asks for the token itself, which a browser does not.</summary>
    private static Task RefuseStrangerAsync(HttpContext context, RequestKind kind)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return kind == RequestKind.Page && HttpMethods.IsGet(context.Request.Method)
            ? LivePage.WriteAsync(context, StatusCodes.Status401Unauthorized)
            : JsonReply.WriteErrorAsync(context, StatusCodes.Status401Unauthorized, "Authorization: expected 'Bearer' and the server's token");
    }

    private string? MissingModel(RequestPath path) =>
        path.Model is not null && path.Model != options.ModelName
            ? $"found no model '{ProblemList.Quote(path.Model)}', expected '{options.ModelName}'"
            : path.Version is not null && path.Version != options.ModelVersion
                ? $"found no version '{ProblemList.Quote(path.Version)}' of model '{options.ModelName}', expected '{options.ModelVersion}'"
                : null;

    private Task AnswerAsync(HttpContext context, RequestKind kind)
    {
        switch (kind)
        {
            case RequestKind.Infer:
                return infer.AnswerAsync(context);
            case RequestKind.RepositoryLoad:
                return load.AnswerAsync(context);
            case RequestKind.RepositoryIndex:
                return index.AnswerAsync(context);
            case RequestKind.ServerMetadata:
                return JsonReply.WriteAsync(context, StatusCodes.Status200OK, serverDocument);
            case RequestKind.ModelMetadata:
                return JsonReply.WriteAsync(context, StatusCodes.Status200OK, modelDocument);
            case RequestKind.Live:
                return JsonReply.WriteAsync(context, StatusCodes.Status200OK, LiveDocument);
            case RequestKind.Page:
                return LivePage.WriteAsync(context, StatusCodes.Status200OK);
            case RequestKind.Recent:
                context.Response.Headers.CacheControl = "no-store";
                return JsonReply.WriteAsync(context, StatusCodes.Status200OK, recent.Write());
            case RequestKind.Metrics:
                context.Response.ContentType = MetricsPage.ContentType;
                return context.Response.WriteAsync(metricsPage.Write());
            default:
                return watch.CurrentReadiness() == Readiness.Ready
                    ? JsonReply.WriteAsync(context, StatusCodes.Status200OK, ReadyDocument)
                    : JsonReply.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, NotReadyDocument);
        }
    }
}
