namespace Rectune.Engine.Serving.Http;

/// <summary>A bound on the bytes of all request bodies that are under way together. Safe for concurrent use; allocates nothing.</summary>
/// <param name="mostBytes">At least one body of the largest size, or none of that size ever finds room.</param>
internal sealed class BodyBudget(long mostBytes)
{
    private long taken;

    public long MostBytes => mostBytes;

    public long TakenBytes => Interlocked.Read(ref taken);

    /// <summary>Takes so many bytes, or none where there is no room for them.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref taken, bytes) <= mostBytes)
        {
            return true;
        }

        Return(bytes);
        return false;
    }

    public void Return(long bytes) => Interlocked.Add(ref taken, -bytes);
}
