using System.Diagnostics;
using System.Globalization;
using Rectune.Core.Formats;
using Rectune.Core.Numerics;

namespace Rectune.Benchmarks.Profiles;

/// <summary>
/// Kills <c>rectune profile</c> at random instants and resumes it, over and over: every line that was on the disk when it was killed must still be there, unchanged, and the
/// profile must be whole and complete in the end.
/// </summary>
internal static class KillAndResume
{
    private const ulong Seed = 1;

    public static int Run(Options options)
    {
        var kills = options.Whole("--kills", 20);
        var longest = options.Number("--longest", 5);
        var folder = Directory.CreateTempSubdirectory("rectune-kill").FullName;
        var profile = Path.Combine(folder, "profile");
        var journal = Path.Combine(profile, "measurements.jsonl");
        string[] command = ["profile", "--model", options.Text("--model", "ncf"), "--budget", "18s", "--resume", "--out", profile];
        var report = new Report(options, "Killing a profile and resuming it");
        var culture = CultureInfo.InvariantCulture;
        report.Text.Append(culture, $"- `{string.Join(' ', command[..^1])} FOLDER`, killed with signal 9 after 0 to {longest} s, uniformly, seed {Seed}\n\n");
        report.Text.Append("| kill | after, s | whole lines | of them new | torn last line | lines before it unchanged |\n|---|---|---|---|---|---|\n");
        var random = new SplitMix64(Seed);
        StartOnce(command, Path.Combine(profile, "limits.json"));
        string[] kept = [];
        var (lost, news) = (0, 0);
        for (var kill = 1; kill <= kills; kill++)
        {
            var after = longest * random.NextDouble();
            using (var process = RectuneProgram.Start(command))
            {
                if (!process.WaitForExit(TimeSpan.FromSeconds(after)))
                {
                    process.Kill();
                    process.WaitForExit();
                }
            }

            var text = File.Exists(journal) ? File.ReadAllText(journal) : "";
            var lines = text.Split('\n')[..^1];
            news += lines.Length > kept.Length ? 1 : 0;
            var unchanged = lines.Length >= kept.Length && lines.Take(kept.Length).SequenceEqual(kept);
            lost += unchanged ? 0 : 1;
            report.Text.Append(culture, $"| {kill} | {after:F2} | {lines.Length} | {lines.Length - kept.Length} | {(text.Length > 0 && !text.EndsWith('\n') ? "yes" : "no")} | {(unchanged ? "yes" : "NO")} |\n");
            kept = lines;
        }

        var finished = RectuneProgram.Run(command);
        var final = JournalFormat.Read(File.ReadAllText(journal), journal);
        var verified = RectuneProgram.Run("profile", "--verify", profile);
        var all = File.ReadAllLines(journal);
        var whole = all.Take(kept.Length).SequenceEqual(kept);
        report.Text.Append(culture, $"\nThe last run ended with {finished}, `profile --verify` with {verified}: {final.Rows.Count} measurements, {final.Failures.Count} failures; ");
        report.Text.Append(culture, $"{kills - lost} of {kills} kills lost no line, {news} came after new ones, and the final file {(whole ? "holds all of them" : "DOES NOT hold all of them")}.\n");
        Directory.Delete(folder, recursive: true);
        report.Write("resume.md");
        return lost == 0 && whole && finished == 0 && verified == 0 ? 0 : 1;
    }

    /// <summary>Measures the machine's limits, which come once and before all else, so that kills fall into what comes after.</summary>
    private static void StartOnce(string[] command, string limits)
    {
        using var process = RectuneProgram.Start(command);
        while (!File.Exists(limits) && !process.WaitForExit(TimeSpan.FromMilliseconds(50)))
        {
        }

        process.Kill();
        process.WaitForExit();
    }
}
