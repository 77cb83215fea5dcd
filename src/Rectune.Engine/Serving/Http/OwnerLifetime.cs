using Microsoft.Extensions.Hosting;

namespace Rectune.Engine.Serving.Http;

/// <summary>Leaves the process's signals to whoever started the server.</summary>
internal sealed class OwnerLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
