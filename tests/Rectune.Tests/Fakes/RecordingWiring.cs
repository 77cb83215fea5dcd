using Rectune.Cli;
using Rectune.Engine.Hardware;

namespace Rectune.Tests.Fakes;

/// <summary>A wiring whose outside world is written down: no terminal, no variables, an empty folder, a machine that tells nothing.</summary>
internal sealed class RecordingWiring : IDisposable
{
    private readonly StringWriter output = new() { NewLine = "\n" };
    private readonly StringWriter error = new() { NewLine = "\n" };

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    public string Folder { get; } = Directory.CreateTempSubdirectory("rectune-cli").FullName;

    public string Output => output.ToString();

    public string Error => error.ToString();

    public Func<string> OnnxRuntimeVersion { get; set; } = () => "9.9.9";

    public string? GpuList { get; set; }

    public bool IsTerminal { get; set; }

    public CancellationToken Cancellation { get; set; }

    public Wiring Build() => new()
    {
        Output = output,
        Error = error,
        OutputIsTerminal = IsTerminal,
        ErrorIsTerminal = IsTerminal,
        Environment = Environment,
        Folder = Folder,
        Files = new SystemFiles(Folder),
        OnnxRuntimeVersion = OnnxRuntimeVersion,
        CudaProvider = () => false,
        GpuList = () => GpuList,
        SdkVersion = () => "10.0.100",
        Cancellation = Cancellation,
    };

    public void Write(string file, string text) => File.WriteAllText(Path.Combine(Folder, file), text);

    public int Run(params string[] arguments) => RectuneApp.Run(arguments, Build());

    public void Dispose()
    {
        output.Dispose();
        error.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
