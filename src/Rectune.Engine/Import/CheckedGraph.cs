using Microsoft.ML.OnnxRuntime;
using Rectune.Core.Domain;

namespace Rectune.Engine.Import;

/// <summary>A graph run now and then, on one thread, with freshly allocated tensors: for checks, not for measuring.</summary>
internal sealed class CheckedGraph : IDisposable
{
    private readonly string fileName;
    private readonly InferenceSession session;
    private readonly RunOptions runOptions = new();

    /// <param name="load">Creates the session with the options it is given.</param>
    /// <param name="fileName">Only shown.</param>
    /// <param name="optimize">False keeps every value of the graph as it is written.</param>
    /// <exception cref="InvalidInputException">ONNX Runtime refuses the graph; its words are in the message.</exception>
    public CheckedGraph(Func<SessionOptions, InferenceSession> load, string fileName, bool optimize = true)
    {
        this.fileName = fileName;
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            GraphOptimizationLevel = optimize ? GraphOptimizationLevel.ORT_ENABLE_ALL : GraphOptimizationLevel.ORT_DISABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        try
        {
            session = load(options);
        }
        catch (OnnxRuntimeException refused)
        {
            throw new InvalidInputException(fileName, $"ONNX Runtime refuses the model: {refused.Message}", "export the model again");
        }
    }

    public IReadOnlyDictionary<string, NodeMetadata> Inputs => session.InputMetadata;

    /// <summary>Runs the graph once; the outputs are the caller's to dispose of, the inputs are disposed of here.</summary>
    /// <exception cref="InvalidInputException">ONNX Runtime fails; its words are in the message.</exception>
    public IDisposableReadOnlyCollection<OrtValue> Run(IReadOnlyDictionary<string, OrtValue> inputs, IReadOnlyList<string> outputs)
    {
        try
        {
            return session.Run(runOptions, [.. inputs.Keys], [.. inputs.Values], outputs);
        }
        catch (OnnxRuntimeException failed)
        {
            throw new InvalidInputException(fileName, $"ONNX Runtime fails to run the model: {failed.Message}");
        }
        finally
        {
            foreach (var value in inputs.Values)
            {
                value.Dispose();
            }
        }
    }

    public void Dispose()
    {
        runOptions.Dispose();
        session.Dispose();
    }
}
