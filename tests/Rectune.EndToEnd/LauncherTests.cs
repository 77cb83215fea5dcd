using System.Diagnostics;
using Xunit;

namespace Rectune.EndToEnd;

/// <summary>Set-up faults of a fresh machine: one clear message each.</summary>
[Collection(nameof(PlannedModel))]
public sealed class LauncherTests
{
    [Theory]
    [InlineData("exit 127", "RECTUNE002", "npm is missing")]
    [InlineData("[ \"$1\" = --version ] && exit 0; echo 'npm error code EINTEGRITY' >&2; exit 1", "RECTUNE003", "SHA-512")]
    [InlineData("[ \"$1\" = --version ] && exit 0; echo 'npm error code ENOTFOUND' >&2; exit 1", "RECTUNE004", "could not be downloaded")]
    public void Fetch_Fails_SaysWhatToDo(string npm, string code, string message)
    {
        using var rectune = new Rectune();
        var script = rectune.PathOf("npm");
        File.WriteAllText(script, $"#!/bin/sh\n{npm}\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var (exit, output) = Fetch($"-p:OrtNpm={script}", $"-p:OrtFetchDir={rectune.PathOf("fetched")}");
        Assert.NotEqual(0, exit);
        Assert.Contains(code, output, StringComparison.Ordinal);
        Assert.Contains(message, output, StringComparison.Ordinal);
    }

    [Fact]
    public void Fetch_LibraryAltered_IsRefused()
    {
        using var rectune = new Rectune();
        var folder = rectune.PathOf("fetched");
        foreach (var platform in new[] { "linux/x64", "linux/arm64" })
        {
            var library = Path.Combine(folder, "node_modules/onnxruntime-node/bin/napi-v6", platform);
            Directory.CreateDirectory(library);
            File.WriteAllText(Path.Combine(library, "libonnxruntime.so.1"), "not the library");
        }

        File.WriteAllText(Path.Combine(folder, "fetched.stamp"), "already fetched");
        var (exit, output) = Run("dotnet", "msbuild", Project, "-t:VerifyOnnxRuntime", "-nologo", $"-p:OrtFetchDir={folder}");
        Assert.NotEqual(0, exit);
        Assert.Contains("RECTUNE005", output, StringComparison.Ordinal);
        Assert.Contains("wrong checksum", output, StringComparison.Ordinal);
    }

    private static string Project => Path.Combine(Rectune.Root, "src", "Rectune.OnnxRuntime", "Rectune.OnnxRuntime.csproj");

    private static (int Exit, string Output) Fetch(params string[] properties) => Run("dotnet", ["msbuild", Project, "-t:FetchOnnxRuntime", "-nologo", .. properties]);

    private static (int Exit, string Output) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }
}
