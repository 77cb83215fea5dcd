namespace Rectune.Engine.Serving.Http;

/// <summary>What a path asks for.</summary>
internal enum RequestKind
{
    Unknown,
    ServerMetadata,
    Live,
    Ready,
    ModelMetadata,
    ModelReady,
    Infer,
    Metrics,
    RepositoryIndex,
    RepositoryLoad,
    Page,
    Recent,
}
