using Rectune.Engine.Hardware;

namespace Rectune.Cli;

/// <summary>Everything of the outside world that commands touch; made by hand in Program, replaced piece by piece in tests.</summary>
internal sealed class Wiring
{
    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>True when a person sees the result as it is written.</summary>
    public required bool OutputIsTerminal { get; init; }

    /// <summary>True when a person sees the messages as they are written.</summary>
    public required bool ErrorIsTerminal { get; init; }

    /// <summary>Columns of that person's terminal; null when unknown.</summary>
    public int? Columns { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>The working folder, in which <c>rectune.json</c> is looked for.</summary>
    public required string Folder { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public SystemFiles Files { get; init; } = new();

    /// <summary>Loads ONNX Runtime and tells its version.</summary>
    public Func<string> OnnxRuntimeVersion { get; init; } = OnnxRuntimeLibrary.Version;

    /// <summary>Whether ONNX Runtime can use NVIDIA devices.</summary>
    public Func<bool> CudaProvider { get; init; } = OnnxRuntimeLibrary.HasCudaProvider;

    /// <summary>What the graphics driver's tool answers.</summary>
    public Func<string?> GpuList { get; init; } = () => NvidiaSmi.Run();

    /// <summary>Version of the .NET SDK on the path; null when there is none.</summary>
    public Func<string?> SdkVersion { get; init; } = DotnetSdk.Version;

    /// <summary>How measuring processes are started; null measures in this one.</summary>
    public LaunchProgram? Launching { get; init; } = LaunchProgram.Own();

    /// <summary>Ends when the user interrupts.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Settings of every command made so far: the keys that <c>rectune.json</c> may hold.</summary>
    public SortedDictionary<string, Setting> Settings { get; } = new(StringComparer.Ordinal);

    /// <summary>Colour is for people: not without a terminal, not with NO_COLOR (no-color.org), not on a dumb terminal.</summary>
    public TerminalStyle Style(bool json, bool quiet, bool verbose)
    {
        var dumb = Environment.GetValueOrDefault("TERM") == "dumb";
        var plain = dumb || !string.IsNullOrEmpty(Environment.GetValueOrDefault("NO_COLOR"));
        return new TerminalStyle
        {
            Json = json,
            Quiet = quiet,
            Verbose = verbose,
            Color = OutputIsTerminal && !plain,
            LiveProgress = ErrorIsTerminal && !dumb,
            Width = Columns ?? new TerminalStyle().Width,
        };
    }
}
