using Rectune.Engine.Serving.Protocol;

namespace Rectune.Engine.Serving.Http;

/// <summary>All the memory that one inference request needs, kept for the next. One owner at a time.</summary>
internal sealed class Exchange(InputLayout layout, string modelName, string modelVersion, ServerWatch watch)
{
    public InferRequest Request { get; } = new(layout);

    public QueryCompletion Completion { get; } = new(watch);

    public InferResponseWriter Response { get; } = new(modelName, modelVersion, layout.Outputs);

    public long RetainedBytes => Request.RetainedBytes + Completion.RetainedBytes + Response.RetainedBytes;
}
