using Microsoft.AspNetCore.Http;

namespace Rectune.Engine.Serving.Http;

/// <summary>
/// What a client still sends once it was answered, as where its query was too large: the connection's next request comes after it. Left to Kestrel, all of it would be read on a thread that other
/// connections wait for.
/// </summary>
internal static class UnreadBody
{
    /// <summary>As long as Kestrel gives such a client.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Reads and forgets it. What goes wrong is for Kestrel to find.</summary>
    public static async Task DiscardAsync(HttpContext context)
    {
        // A client that waits to be told to go on sends nothing now.
        if (context.Response.StatusCode == StatusCodes.Status200OK || context.Request.ContentLength is null or 0 || context.Request.Headers.Expect.Count > 0)
        {
            return;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(Patience);
        try
        {
            var reader = context.Request.BodyReader;
            for (var isWhole = false; !isWhole;)
            {
                var part = await reader.ReadAsync(patience.Token);
                isWhole = part.IsCompleted;
                reader.AdvanceTo(part.Buffer.End);
                await SocketCompletions.LeaveAsync();
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
        }
    }
}
