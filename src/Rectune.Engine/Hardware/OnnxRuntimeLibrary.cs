using Microsoft.ML.OnnxRuntime;
using Rectune.Core.Domain;

namespace Rectune.Engine.Hardware;

/// <summary>The native ONNX Runtime beside this program.</summary>
public static class OnnxRuntimeLibrary
{
    private const string CudaProvider = "onnxruntime_providers_cuda";

    /// <summary>Loads the library and tells its version. Throws <see cref="MissingResourceException"/> when it cannot be loaded.</summary>
    public static string Version()
    {
        try
        {
            return OrtEnv.Instance().GetVersionString();
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or EntryPointNotFoundException or BadImageFormatException)
        {
            var cause = e.GetBaseException().Message.Split('\n')[0];
            throw new MissingResourceException(
                $"The ONNX Runtime library could not be loaded from {AppContext.BaseDirectory}: {cause}",
                "Remove the artifacts folder and build again (dotnet build src/Rectune.Cli -c Release); the build fetches the library.",
                e);
        }
    }

    /// <summary>True when the library that lets ONNX Runtime use NVIDIA devices lies beside the core.</summary>
    public static bool HasCudaProvider() =>
        File.Exists(Path.Combine(AppContext.BaseDirectory, $"lib{CudaProvider}.so")) || File.Exists(Path.Combine(AppContext.BaseDirectory, $"{CudaProvider}.dll"));
}
