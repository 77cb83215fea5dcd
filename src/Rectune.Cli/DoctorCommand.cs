using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Models;
using Rectune.Engine.Hardware;
using Rectune.Engine.Profiling;
using Spectre.Console;

namespace Rectune.Cli;

/// <summary><c>rectune doctor</c>: what is missing here, and how far measurements can be trusted.</summary>
internal static class DoctorCommand
{
    /// <summary>Working space beyond the tables of a plan.</summary>
    private const long WorkingBytes = 1L << 30;

    private static readonly TimeSpan NoiseDuration = TimeSpan.FromSeconds(1);

    public static CommandDescription Create(Wiring wiring) => new()
    {
        Name = "doctor",
        Summary = "Check what rectune needs and how steadily this machine runs; ends with 3 when something needed is missing.",
        Examples = ["rectune doctor", "rectune doctor --json"],
        Run = invocation => Show(Examine(wiring, invocation.Cancellation), invocation.Terminal),
    };

    private static int Show(DoctorReport report, Terminal terminal)
    {
        terminal.Json(report);
        var table = Terminal.Table("check", "", "found", "what to do");
        foreach (var check in report.Checks)
        {
            table.AddRow(new Text(check.Name), new Text(check.Status.ToString().ToLowerInvariant()), new Text(check.Found), new Text(check.Advice ?? ""));
        }

        terminal.Result(table);
        return report.Status == CheckStatus.Fail ? ExitCodes.Environment : ExitCodes.Done;
    }

    private static DoctorReport Examine(Wiring wiring, CancellationToken cancellation)
    {
        var facts = PlatformFacts.Read(wiring.Files, wiring.Time);
        var noise = new NoiseProbe(wiring.Time, wiring.Files).Run(NoiseDuration, cancellation);
        var (model, tables) = LargestModel();
        var checks = new List<DoctorCheck>
        {
            DoctorChecks.Sdk(wiring.SdkVersion()),
            OnnxRuntime(wiring),
            DoctorChecks.Gpu(NvidiaSmi.Parse(wiring.GpuList()), wiring.CudaProvider()),
            DoctorChecks.Disk(FreeBytes(wiring.Folder), wiring.Folder),
            DoctorChecks.Memory(AvailableMemory.Bytes(wiring.Files), model, tables + WorkingBytes),
            DoctorChecks.Clock(facts, noise.ClockStepNs),
            DoctorChecks.Governor(facts),
            DoctorChecks.Virtualization(facts),
            DoctorChecks.Quota(facts),
            DoctorChecks.Noise(noise),
        };
        return new DoctorReport { Status = checks.Max(c => c.Status), Checks = checks };
    }

    private static DoctorCheck OnnxRuntime(Wiring wiring)
    {
        try
        {
            return DoctorChecks.OnnxRuntime(wiring.OnnxRuntimeVersion(), problem: null);
        }
        catch (MissingResourceException e)
        {
            return DoctorChecks.OnnxRuntime(version: null, e.Message);
        }
    }

    private static (string Name, long Bytes) LargestModel() =>
        Zoo.Names
            .Select(n => Zoo.TryGetText(n, out var json) ? CardFormat.Read(json, n) : throw new InvalidOperationException($"{n} is not built in"))
            .Select(card => (card.Name, new ModelSize(card).TableBytes(TablePrecision.Fp32)))
            .MaxBy(m => m.Item2);

    private static long? FreeBytes(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
