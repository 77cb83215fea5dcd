namespace Rectune.Engine.Serving.Http;

/// <summary>The plan that is served now; another may take its place while the server runs. Safe for concurrent use.</summary>
public sealed class ServedPlan(ServedPromise first)
{
    private ServedPromise current = first;

    public ServedPromise Promise => Volatile.Read(ref current);

    public void Replace(ServedPromise next)
    {
        ArgumentNullException.ThrowIfNull(next);
        Volatile.Write(ref current, next);
    }
}
