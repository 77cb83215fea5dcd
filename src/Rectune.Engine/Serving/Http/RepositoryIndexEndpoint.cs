using System.Buffers;
using Microsoft.AspNetCore.Http;
using Rectune.Engine.Serving.Protocol;

namespace Rectune.Engine.Serving.Http;

/// <summary>Answers <c>POST /v2/repository/index</c>: the one model, and whether it is ready.</summary>
internal sealed class RepositoryIndexEndpoint(HttpServerOptions options, ServerWatch watch)
{
    private static readonly byte[] Nothing = "[]"u8.ToArray();

    public async Task AnswerAsync(HttpContext context)
    {
        var body = await ReadAsync(context);
        if (body is null)
        {
            await JsonReply.WriteErrorAsync(
                context, StatusCodes.Status413PayloadTooLarge, $"body: found too many bytes, expected at most {RepositoryIndexRequest.BodyLimitBytes}");
            return;
        }

        if (RepositoryIndexRequest.Read(body, out var readyOnly) is { } problem)
        {
            await JsonReply.WriteErrorAsync(context, StatusCodes.Status400BadRequest, problem);
            return;
        }

        string? reason = watch.CurrentReadiness() switch
        {
            Readiness.Draining => "the server is draining and takes no new queries",
            Readiness.Overloaded => "the server is overloaded and turns queries away",
            _ => null,
        };
        var index = readyOnly && reason is not null ? Nothing : MetadataDocuments.RepositoryIndex(options.ModelName, options.ModelVersion, reason);
        await JsonReply.WriteAsync(context, StatusCodes.Status200OK, index);
    }

    /// <summary>Returns null when the body is over the limit.</summary>
    private static async ValueTask<byte[]?> ReadAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var part = await reader.ReadAsync(context.RequestAborted);
            if (part.Buffer.Length > RepositoryIndexRequest.BodyLimitBytes)
            {
                reader.AdvanceTo(part.Buffer.End);
                return null;
            }

            if (part.IsCompleted)
            {
                var body = part.Buffer.ToArray();
                reader.AdvanceTo(part.Buffer.End);
                return body;
            }

            reader.AdvanceTo(part.Buffer.Start, part.Buffer.End);
        }
    }
}
