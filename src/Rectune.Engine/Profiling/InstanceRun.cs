using Rectune.Core.Domain;
using Rectune.Engine.Sessions;

namespace Rectune.Engine.Profiling;

/// <summary>Runs of an instance of a path.</summary>
internal sealed class InstanceRun(PathInstance instance, int maxBatch, int outputs) : IMeasuredRun
{
    private readonly float[] answer = new float[maxBatch * outputs];

    public void Prepare(FeatureBatch source, int start, int count)
    {
        instance.Begin();
        instance.Add(source, start, count);
    }

    public void Pool() => instance.Pool();

    public void Score() => instance.Score();

    public void CopyOut() => instance.Scores.CopyTo(answer);
}
