using System.Diagnostics;
using Newtonsoft.Json.Linq;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Xunit;

namespace Rectune.EndToEnd;

/// <summary>Profiles as a user makes, keeps and uses them.</summary>
[Collection(nameof(ProfiledModel))]
public sealed class ProfileTests : IDisposable
{
    private static readonly string[] OneLaunch = ["profile", "--model", "small.json", "--space", "quick", "--budget", "4s", "--launches", "1", "--out", "p"];

    private readonly ProfiledModel profiled;
    private readonly Rectune rectune = new();

    public ProfileTests(ProfiledModel profiled)
    {
        this.profiled = profiled;
        rectune.Write("small.json", SmallModel.Card());
    }

    private string Journal => rectune.PathOf(Path.Combine("p", "measurements.jsonl"));

    public void Dispose() => rectune.Dispose();

    [Fact]
    public void Profile_Json_SaysWhatWasMeasured()
    {
        Assert.True(profiled.Result.Code == 0, profiled.Result.ToString());
        var report = JObject.Parse(profiled.Result.Output);
        var rows = (JArray)report["rows"]!;
        Assert.Equal((int)report["measured"]!, rows.Count);
        Assert.All(rows, row => Assert.True((double)row["medianUs"]! > 0 && (int)row["runs"]! > 0));
        profiled.CopyTo(rectune);
        Assert.Equal(2 * rows.Count, Lines().Length);

        var again = rectune.Run([.. ProfiledModel.Arguments, "--resume", "--json"]);
        Assert.True(again.Code == 0, again.ToString());
        Assert.Equal((0, rows.Count), ((int)JObject.Parse(again.Output)["measured"]!, (int)JObject.Parse(again.Output)["known"]!));
    }

    [Fact]
    public void PlanOffline_NeedsNoOnnxRuntime()
    {
        profiled.CopyTo(rectune);
        var bare = WithoutOnnxRuntime();
        using var offline = Start(bare, "plan", "--model", "small.json", "--sla", "p99=200ms", "--space", "quick", "--set", "batch=1,64,256", "--profile", "p", "--offline", "--json");
        var output = offline.StandardOutput.ReadToEnd();
        Assert.True(offline.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.True(offline.ExitCode == 0, output);
        Assert.Equal("not-run", (string?)JObject.Parse(output)["validated"]!["verdict"]);
    }

    [Fact]
    public async Task Kill9_Resumed_LosesNoLineAndVerifies()
    {
        profiled.CopyTo(rectune, journal: false);
        string[] kept = [];
        for (var attempt = 0; attempt < 3; attempt++)
        {
            using (var process = rectune.Start([.. ProfiledModel.Arguments, "--resume"]))
            {
                _ = process.StandardError.ReadToEndAsync();
                _ = process.StandardOutput.ReadToEndAsync();
                var waited = Stopwatch.StartNew();
                while (!process.HasExited && waited.Elapsed < TimeSpan.FromSeconds(60) && (!File.Exists(Journal) || Lines().Length <= kept.Length))
                {
                    await Task.Delay(20);
                }

                Rectune.Signal(process, "KILL");
                process.WaitForExit();
            }

            Assert.Equal(kept, Lines()[..kept.Length]);
            kept = Lines();
        }

        Assert.NotEmpty(kept);
        var resumed = rectune.Run([.. ProfiledModel.Arguments, "--resume"]);
        Assert.True(resumed.Code == 0, resumed.ToString());
        Assert.Equal(kept, Lines()[..kept.Length]);
        var verified = rectune.Run("profile", "--verify", "p");
        Assert.True(verified.Code == 0, verified.ToString());
    }

    [Fact]
    public void Verify_AlteredLine_Is2AndNamesIt()
    {
        profiled.CopyTo(rectune);
        var lines = File.ReadAllLines(Journal);
        lines[1] = lines[1].Replace("\"yardstickUs\":", "\"yardstickUs\":1", StringComparison.Ordinal);
        File.WriteAllLines(Journal, lines);
        var verified = rectune.Run("profile", "--verify", "p");
        Assert.True(verified.Code == 2, verified.ToString());
        Assert.Contains("measurements.jsonl(2,", verified.Error, StringComparison.Ordinal);
        var planned = rectune.Run("plan", "--model", "small.json", "--sla", "p99=200ms", "--profile", "p", "--offline");
        Assert.True(planned.Code == 2, planned.ToString());
    }

    [Fact]
    public void Merge_Profiles_HoldsEachLineOnceAndOverwritesNothing()
    {
        profiled.CopyTo(rectune);
        var merged = rectune.Run("profile", "--merge", "p", "p", "--out", "both", "--json");
        Assert.True(merged.Code == 0, merged.ToString());
        Assert.Equal(Lines().Length, (int)JObject.Parse(merged.Output)["measurements"]!);
        Assert.Equal(2, rectune.Run("profile", "--merge", "p", "p", "--out", "both").Code);
    }

    [Fact]
    public void AnotherMachinesProfile_Is2UnlessPlannedOffline()
    {
        profiled.CopyTo(rectune);
        var lines = File.ReadAllLines(Journal);
        foreach (var file in new[] { Journal, rectune.PathOf(Path.Combine("p", "profile.json")) })
        {
            var text = File.ReadAllText(file);
            var fingerprint = (string)JObject.Parse(lines[0])["key"]!["machineFingerprint"]!;
            File.WriteAllText(file, text.Replace(fingerprint, new string('0', 64), StringComparison.Ordinal));
        }

        Rechain();
        string[] plan = ["plan", "--model", "small.json", "--sla", "p99=200ms", "--space", "quick", "--set", "batch=1,64,256", "--profile", "p"];
        var refused = rectune.Run(plan);
        Assert.True(refused.Code == 2, refused.ToString());
        Assert.Contains("another machine", refused.Error, StringComparison.Ordinal);
        var offline = rectune.Run([.. plan, "--offline"]);
        Assert.True(offline.Code == 0, offline.ToString());
        Assert.Equal(12, rectune.Run("verify", "plan.json").Code);
    }

    [Fact]
    public void TwoWriters_TheSecondIsToldWhoHoldsIt()
    {
        profiled.CopyTo(rectune, journal: false);
        using var first = rectune.Start(ProfiledModel.Arguments);
        _ = first.StandardError.ReadToEndAsync();
        _ = first.StandardOutput.ReadToEndAsync();
        var waited = Stopwatch.StartNew();
        while (!File.Exists(Journal + ".holder") && waited.Elapsed < TimeSpan.FromSeconds(60))
        {
            Thread.Sleep(20);
        }

        var second = rectune.Run([.. ProfiledModel.Arguments, "--resume"]);
        Rectune.Signal(first, "INT");
        Assert.True(first.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.True(second.Code == 3, second.ToString());
        Assert.Contains("held by process", second.Error, StringComparison.Ordinal);
        Assert.Equal(130, first.ExitCode);
    }

    [Fact]
    public void Operators_Asked_AreInTheReportAndOnLinesOfTheirOwn()
    {
        profiled.CopyTo(rectune, journal: false);
        string[] asked = [.. OneLaunch, "--set", "batch=1,64", "--set", "table-precision=fp32", "--set", "instances=1", "--operators"];
        var reported = rectune.Run([.. asked, "--json"]);
        Assert.True(reported.Code == 0, reported.ToString());
        Assert.All(JObject.Parse(reported.Output)["rows"]!, row => Assert.NotEmpty((JArray)row["operators"]!));
        var known = rectune.Run([.. asked, "--resume"]);
        Assert.True(known.Code == 0, known.ToString());
        Assert.Contains("at batch 64: ", known.Output, StringComparison.Ordinal);
        Assert.Contains("operators of the dense graph", known.Output, StringComparison.Ordinal);
    }

    /// <summary>A limit on file sizes stands for a full disk: writing fails in the middle of a line.</summary>
    [Fact]
    public void DiskFull_Is3AndWhatWasMeasuredIsWhole()
    {
        profiled.CopyTo(rectune);
        var kilobytes = Lines().Sum(line => line.Length) / 3 / 1024;
        File.Delete(Journal);
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", $"trap '' XFSZ; ulimit -f {kilobytes}; exec \"$0\" \"$@\"", Path.Combine(Rectune.Root, "rectune"), .. OneLaunch])
        {
            WorkingDirectory = rectune.Folder,
            RedirectStandardError = true,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment = { ["DOTNET_EnableWriteXorExecute"] = "0" },
        })!;
        _ = process.StandardOutput.ReadToEndAsync();
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 3, said);
        Assert.Contains("cannot be extended", said, StringComparison.Ordinal);
        Assert.NotEmpty(Lines());
        Assert.EndsWith("\n", File.ReadAllText(Journal), StringComparison.Ordinal);
        Assert.Equal(0, rectune.Run("profile", "--verify", "p").Code);
    }

    [Fact]
    public void ReadOnlyFolder_Is3AndSaysWhichFolder()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc takes no folders");
        var refused = rectune.Run("profile", "--model", "small.json", "--out", "/proc/profiles");
        Assert.True(refused.Code == 3, refused.ToString());
        Assert.Contains("/proc/profiles", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--out", refused.Error, StringComparison.Ordinal);
    }

    /// <summary>Writes the journal's rows again, as if they had been measured so.</summary>
    private void Rechain()
    {
        var chain = "";
        var text = new System.Text.StringBuilder();
        foreach (var line in File.ReadAllLines(Journal))
        {
            (var written, chain) = JournalFormat.Write(RecordText.Read<MeasurementRow>(line, "row"), chain);
            text.Append(written).Append('\n');
        }

        File.WriteAllText(Journal, text.ToString());
    }

    /// <summary>The complete lines of the journal.</summary>
    private string[] Lines()
    {
        using var stream = new FileStream(Journal, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n')[..^1];
    }

    private string WithoutOnnxRuntime()
    {
        var built = Path.Combine(Rectune.Root, "artifacts", "bin", "Rectune.Cli", "release");
        var bare = Directory.CreateDirectory(rectune.PathOf("bare")).FullName;
        foreach (var file in Directory.GetFiles(built).Where(file => !Path.GetFileName(file).StartsWith("libonnxruntime", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(bare, Path.GetFileName(file)));
        }

        return Path.Combine(bare, "rectune");
    }

    private Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = rectune.Folder, RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["NO_COLOR"] = "1";
        return Process.Start(start)!;
    }
}
