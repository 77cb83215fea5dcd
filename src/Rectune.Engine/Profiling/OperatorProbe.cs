using Rectune.Core.Domain;
using Rectune.Engine.Data;
using Rectune.Engine.Sessions;

namespace Rectune.Engine.Profiling;

/// <summary>Runs an instance with the inference runtime's own profiler on, apart from the runs whose service time is measured: the profiler slows them.</summary>
internal sealed class OperatorProbe(ModelGraphs graphs, FeatureBatch pool)
{
    private const int Runs = 24;

    /// <summary>Operators of a run of <paramref name="batch"/> samples on one instance, the longest first; null where they could not be timed, which costs nobody the measurement.</summary>
    public IReadOnlyList<OperatorTime>? Measure(StoredTables stored, Configuration configuration, int batch)
    {
        var folder = Directory.CreateTempSubdirectory("rectune-operators-");
        try
        {
            Run(stored, configuration, batch, folder.FullName);
            return OperatorTrace.Read(folder.EnumerateFiles().Select(file => (file.Name.Split('-')[0], File.ReadAllText(file.FullName))), Runs);
        }
        catch (Exception e) when (e is Microsoft.ML.OnnxRuntime.OnnxRuntimeException or FormatException or IOException)
        {
            return null;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Traces are whole when the instance is gone.</summary>
    private void Run(StoredTables stored, Configuration configuration, int batch, string folder)
    {
        // The caller's thread has no cores of its own here, so that the others must have none either.
        var floating = configuration with { Runtime = configuration.Runtime with { Pinned = false } };
        using var instance = new PathInstance(graphs, stored, floating, batch, traceFolder: folder);
        for (int run = 0, at = 0; run < Runs; run++, at += batch)
        {
            at = at + batch > pool.Samples ? 0 : at;
            instance.Begin();
            instance.Add(pool, at, batch);
            instance.Pool();
            instance.Score();
        }
    }
}
