using Rectune.Core.Domain;

namespace Rectune.Engine.Profiling;

/// <summary>Runs of a path that does nothing: what is measured of it is the measuring.</summary>
internal sealed class NullRun : IMeasuredRun
{
    public void Prepare(FeatureBatch source, int start, int count)
    {
    }

    public void Pool()
    {
    }

    public void Score()
    {
    }

    public void CopyOut()
    {
    }
}
