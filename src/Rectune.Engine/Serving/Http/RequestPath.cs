namespace Rectune.Engine.Serving.Http;

/// <summary>A path of the Open Inference Protocol or of the server's own, taken apart.</summary>
/// <param name="Model">Name in the path; null where the path has none.</param>
/// <param name="Version">Version in the path; null where the path has none.</param>
internal readonly record struct RequestPath(RequestKind Kind, string? Model = null, string? Version = null)
{
    private const string Models = "/v2/models/";
    private const string Repository = "/v2/repository/models/";
    private const string Versions = "versions";

    public static RequestPath Parse(string path) => path switch
    {
        "/" or "" => new(RequestKind.Page),
        "/v2" or "/v2/" => new(RequestKind.ServerMetadata),
        "/v2/health/live" => new(RequestKind.Live),
        "/v2/health/ready" => new(RequestKind.Ready),
        "/v2/repository/index" => new(RequestKind.RepositoryIndex),
        "/v2/live" => new(RequestKind.Recent),
        "/metrics" => new(RequestKind.Metrics),
        _ when path.StartsWith(Repository, StringComparison.Ordinal) => path[Repository.Length..].Split('/') is [{ Length: > 0 } model, "load"] ? new(RequestKind.RepositoryLoad, model) : default,
        _ when path.StartsWith(Models, StringComparison.Ordinal) => ParseModel(path[Models.Length..].Split('/')),
        _ => default,
    };

    private static RequestPath ParseModel(string[] parts) => parts switch
    {
        [{ Length: > 0 } model] => new(RequestKind.ModelMetadata, model),
        [{ Length: > 0 } model, Versions, { Length: > 0 } version] => new(RequestKind.ModelMetadata, model, version),
        [{ Length: > 0 } model, "ready"] => new(RequestKind.ModelReady, model),
        [{ Length: > 0 } model, Versions, { Length: > 0 } version, "ready"] => new(RequestKind.ModelReady, model, version),
        [{ Length: > 0 } model, "infer"] => new(RequestKind.Infer, model),
        [{ Length: > 0 } model, Versions, { Length: > 0 } version, "infer"] => new(RequestKind.Infer, model, version),
        _ => default,
    };
}
