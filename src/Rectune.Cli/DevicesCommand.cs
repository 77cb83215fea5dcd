using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Units;
using Rectune.Engine.Hardware;
using Rectune.Engine.Kernels;
using Spectre.Console;

namespace Rectune.Cli;

/// <summary><c>rectune devices</c>: this machine and what can run a path on it.</summary>
internal static class DevicesCommand
{
    private static readonly SettingOf<bool> Limits = SettingKinds.Off("limits", "Show what the machine can do at most instead; measured once, and kept in profiles/MACHINE");

    public static CommandDescription Create() => new()
    {
        Name = "devices",
        Summary = "Show this machine and the devices that paths can run on.",
        Examples = ["rectune devices", "rectune devices --json", "rectune devices --limits"],
        Settings = [Limits],
        Run = Run,
    };

    /// <summary>The machine as commands see it.</summary>
    public static Machine Detect(Wiring wiring) =>
        new MachineDetector(wiring.Files, wiring.GpuList(), wiring.OnnxRuntimeVersion(), wiring.CudaProvider()).Detect();

    private static int Run(Invocation invocation)
    {
        var machine = Detect(invocation.Wiring);
        var terminal = invocation.Terminal;
        if (invocation.Values.Get(Limits))
        {
            return ShowLimits(invocation, machine);
        }

        terminal.Json(machine);
        var facts = Terminal.Table("machine", machine.Id);
        void Fact(string name, string value) => facts.AddRow(new Text(name), new Text(value));
        Fact("processor", machine.Cpu.Name);
        var threads = machine.Cpu.ThreadsPerCore?.ToString(CultureInfo.InvariantCulture) ?? "unknown";
        Fact("cores", $"{machine.Cpu.Cores} ({machine.Cpu.Architecture}); hardware threads a physical core: {threads}; NUMA nodes: {machine.Cpu.NumaNodes}{Cores(NodeLayout.Read(invocation.Wiring.Files))}");
        var sets = string.Join(", ", machine.Cpu.InstructionSets);
        Fact("instruction sets", sets.Length > 0 ? sets : "none beyond the architecture's own");
        Fact("caches", $"L1d {Size(machine.Caches.L1DataBytes)}, L2 {Size(machine.Caches.L2Bytes)}, L3 {Size(machine.Caches.L3Bytes)}");
        Fact("memory", $"{new ByteSize(machine.MemoryBytes)}, {Size(AvailableMemory.Bytes(invocation.Wiring.Files))} available now");
        Fact("hypervisor", machine.Cpu.Hypervisor ?? "none seen");
        Fact("system", machine.Runtime.OperatingSystem);
        Fact("runtime", $"rectune {machine.Runtime.Rectune}, ONNX Runtime {machine.Runtime.OnnxRuntime}, .NET {machine.Runtime.Dotnet}");
        Fact("fingerprint", machine.Fingerprint);
        terminal.Result(facts);
        terminal.Result("");
        var table = Terminal.Table("device", "name", "memory", "usable", "why not");
        foreach (var device in machine.Devices)
        {
            table.AddRow(
                new Text(device.Id),
                new Text(device.Name),
                new Text(device.MemoryBytes > 0 ? new ByteSize(device.MemoryBytes).ToString() : "unknown"),
                new Text(device.Usable ? "yes" : "no"),
                new Text(device.Why ?? ""));
        }

        terminal.Result(table);
        return ExitCodes.Done;
    }

    private static int ShowLimits(Invocation invocation, Machine machine)
    {
        var (terminal, folder) = (invocation.Terminal, ProfileFolder.Default(machine));
        var limits = LimitsFile.Ensure(folder, machine, terminal, invocation.Wiring.Time, invocation.Cancellation);
        terminal.Json(limits);
        var table = Terminal.Table("limit", "threads", "measured");
        void Row(string limit, int? threads, FormattableString value) =>
            table.AddRow(new Text(limit), new Text(threads?.ToString(CultureInfo.InvariantCulture) ?? ""), new Text(value.ToString(CultureInfo.InvariantCulture)));
        foreach (var stream in limits.Stream)
        {
            Row("reading memory in sequence", stream.Threads, $"{stream.GigabytesPerSecond:F1} GB/s");
        }

        foreach (var fetch in limits.Fetch)
        {
            Row($"fetching random rows of {fetch.RowBytes} bytes", fetch.Threads, $"{fetch.RowsPerSecond / 1e6:F1} M rows/s");
        }

        foreach (var product in limits.Products)
        {
            Row($"matrix product, {product.Precision}", product.Threads, $"{product.Gflops:F1} GFLOP/s at size {product.Size}");
        }

        if (limits.WakeUpUs is { } wakeUp)
        {
            Row("waking a parked thread", null, $"{wakeUp:F1} us");
        }

        Row("running a graph of one addition", 1, $"{limits.GraphRunUs:F1} us");
        terminal.Result(table);
        terminal.Message($"measured {limits.MeasuredAt}, kept in {folder}");
        return ExitCodes.Done;
    }

    /// <summary>Of each node, where there are several.</summary>
    private static string Cores(NodeLayout layout) =>
        layout.Count == 1 ? "" : $" (cores {string.Join("; ", layout.Nodes.Select(node => $"{node.Key.ToString(CultureInfo.InvariantCulture)}: {CoreListText.Text(node.Value)}"))})";

    private static string Size(long? bytes) => bytes is { } known ? new ByteSize(known).ToString() : "unknown";
}
