using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Units;
using Rectune.Engine.Hardware;
using Rectune.Engine.Limits;

namespace Rectune.Cli;

/// <summary>What a machine can do at most, measured once and kept in the folder of its profile.</summary>
internal static class LimitsFile
{
    private const string FileName = "limits.json";

    /// <summary>Time for measuring, seconds.</summary>
    private const double Seconds = 6;

    /// <summary>Left free beside what is measured over, bytes.</summary>
    private const long Reserve = 256L << 20;

    /// <summary>The limits in a folder; null where there are none of this machine and runtime.</summary>
    public static MachineLimits? Find(string folder, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var file = Path.Combine(folder, FileName);
        if (!File.Exists(file))
        {
            return null;
        }

        var limits = RecordText.Read<MachineLimits>(FileText.Read(file, "the machine's limits"), file);
        return limits.MachineFingerprint == machine.Fingerprint && limits.RuntimeFingerprint == machine.Runtime.Fingerprint() ? limits : null;
    }

    /// <summary>Why there is too little memory to measure limits; null where there is enough.</summary>
    public static string? MissingMemory() => AvailableMemory.Bytes(new SystemFiles()) is { } left && left < MachineProbe.MemoryBytes + Reserve
        ? $"The machine's limits are measured over {new ByteSize(MachineProbe.MemoryBytes)} of memory, and {new ByteSize(left)} are left."
        : null;

    /// <summary>The limits in a folder, measured now where there are none.</summary>
    /// <exception cref="MissingResourceException">Too little memory is left to measure them.</exception>
    public static MachineLimits Ensure(string folder, Machine machine, Terminal terminal, TimeProvider clock, CancellationToken cancellation)
    {
        if (Find(folder, machine) is { } known)
        {
            return known;
        }

        if (MissingMemory() is { } missing)
        {
            throw new MissingResourceException(missing, "End what takes the memory, then run rectune devices --limits.");
        }

        var limits = new MachineProbe(clock, new Line(terminal)).Measure(machine, Seconds, cancellation);
        terminal.EndProgress();
        ProfileFolder.Prepare(folder, machine, clock);
        FileText.Write(Path.Combine(folder, FileName), RecordText.Write(limits), "the machine's limits");
        return limits;
    }

    private sealed class Line(Terminal terminal) : IProgress<double>
    {
        public void Report(double value) => terminal.Progress(FormattableString.Invariant($"measuring the machine's limits, {value:P0}"));
    }
}
