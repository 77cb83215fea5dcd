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
    private readonly DrainGate gate;
    private readonly InferEndpoint infer;
    private readonly MetricsPage metricsPage;
    private readonly byte[] serverDocument;
    private readonly byte[] modelDocument;

    public RequestRouter(
        HttpServerOptions options, string version, InputLayout layout, IQueryTarget target, ServerMetrics metrics, DrainGate gate)
    {
        this.options = options;
        this.gate = gate;
        infer = new InferEndpoint(options, layout, target, metrics, gate);
        metricsPage = new MetricsPage(options, version, metrics, gate);
        serverDocument = MetadataDocuments.Server(version);
        modelDocument = MetadataDocuments.Model(options.ModelName, options.ModelVersion, layout);
    }

    public async Task AnswerAsync(HttpContext context)
    {
        var path = RequestPath.Parse(context.Request.Path.Value ?? "");
        if (path.Kind == RequestKind.Unknown)
        {
            await JsonReply.WriteErrorAsync(
                context, StatusCodes.Status404NotFound,
                $"found no '{ProblemList.Quote(context.Request.Path.Value ?? "")}', expected /v2, /v2/health/live, /v2/health/ready, "
                + $"/v2/models/{options.ModelName}, /v2/models/{options.ModelName}/ready, /v2/models/{options.ModelName}/infer or /metrics");
            return;
        }

        var posts = path.Kind == RequestKind.Infer;
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
            case RequestKind.ServerMetadata:
                return JsonReply.WriteAsync(context, StatusCodes.Status200OK, serverDocument);
            case RequestKind.ModelMetadata:
                return JsonReply.WriteAsync(context, StatusCodes.Status200OK, modelDocument);
            case RequestKind.Live:
                return JsonReply.WriteAsync(context, StatusCodes.Status200OK, LiveDocument);
            case RequestKind.Metrics:
                context.Response.ContentType = MetricsPage.ContentType;
                return context.Response.WriteAsync(metricsPage.Write());
            default:
                return gate.IsClosed
                    ? JsonReply.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, NotReadyDocument)
                    : JsonReply.WriteAsync(context, StatusCodes.Status200OK, ReadyDocument);
        }
    }
}
