using System.Diagnostics;
using Xunit;

namespace Rectune.Tests.Serving.Http;

/// <summary>Debian's Chromium without a window (package chromium), where it is installed: what it makes of a page once its scripts have run.</summary>
internal static class Chromium
{
    private static readonly string? Program = new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser" }.FirstOrDefault(File.Exists);

    /// <summary>The document after so long a time of the page's own, which passes as fast as it can.</summary>
    /// <returns>The document, and what the page wrote to its console, one line each.</returns>
    public static async Task<(string Document, IReadOnlyList<string> Console)> DocumentAsync(Uri page, TimeSpan time)
    {
        var (output, error) = await RunAsync(page, time, ["--dump-dom"]);
        return (output, [.. error.Split('\n').Where(line => line.Contains(":CONSOLE", StringComparison.Ordinal))]);
    }

    /// <summary>A picture of the page, PNG.</summary>
    public static async Task<byte[]> ScreenshotAsync(Uri page, TimeSpan time, int width, int height)
    {
        var file = Path.Combine(Path.GetTempPath(), $"rectune-page-{Environment.ProcessId}.png");
        try
        {
            await RunAsync(page, time, [$"--screenshot={file}", $"--window-size={width},{height}", "--hide-scrollbars"]);
            return await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Ends the test as skipped where there is no browser.</summary>
    public static void Require() => Assert.SkipWhen(Program is null, "needs Chromium: apt-get install -y chromium");

    private static async Task<(string Output, string Error)> RunAsync(Uri page, TimeSpan time, IReadOnlyList<string> wanted)
    {
        var profile = Directory.CreateTempSubdirectory("rectune-chromium").FullName;
        try
        {
            string[] arguments =
            [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--enable-logging=stderr", $"--user-data-dir={profile}", $"--virtual-time-budget={(int)time.TotalMilliseconds}", .. wanted, page.AbsoluteUri,
            ];
            var start = new ProcessStartInfo(Program!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
            start.Environment["HOME"] = profile;
            using var process = Process.Start(start) ?? throw new InvalidOperationException("Chromium did not start");
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            patience.CancelAfter(TimeSpan.FromSeconds(60));
            try
            {
                var output = process.StandardOutput.ReadToEndAsync(patience.Token);
                var error = process.StandardError.ReadToEndAsync(patience.Token);
                await process.WaitForExitAsync(patience.Token);
                return (await output, await error);
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill(entireProcessTree: true);
                    await process.WaitForExitAsync(CancellationToken.None);
                }
            }
        }
        finally
        {
            Directory.Delete(profile, recursive: true);
        }
    }
}
