using Rectune.Core.Domain;

namespace Rectune.Engine.Profiling;

/// <summary>A run in the steps that are timed apart.</summary>
internal interface IMeasuredRun
{
    /// <summary>Takes over the features of samples <paramref name="start"/> … <paramref name="start"/> + <paramref name="count"/> − 1.</summary>
    void Prepare(FeatureBatch source, int start, int count);

    void Pool();

    void Score();

    void CopyOut();
}
