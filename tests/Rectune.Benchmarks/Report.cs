using System.Text;
using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Engine.Hardware;

namespace Rectune.Benchmarks;

/// <summary>What the reports have in common: the machine they were made on and where they lie.</summary>
internal sealed class Report
{
    private readonly Options options;

    /// <param name="options"><c>--out FOLDER</c> replaces the machine's own folder under <c>profiles</c>.</param>
    public Report(Options options, string title)
    {
        Machine = MachineDetector.DetectHere(OnnxRuntimeLibrary.Version());
        this.options = options;
        Text.Append($"# {title}\n\n");
        Text.Append($"- machine: {Machine.Cpu.Name}, {Machine.Cpu.Cores} cores, {string.Join(' ', Machine.Cpu.InstructionSets)}, {Machine.Cpu.Hypervisor ?? "no hypervisor seen"}\n");
    }

    public Machine Machine { get; }

    public StringBuilder Text { get; } = new();

    public static double Median(IEnumerable<double> values) => Percentiles.Interpolated([.. values.Order()], 0.5);

    /// <summary>Ends the report with the command that repeats it, prints it and writes it to the machine's folder.</summary>
    public void Write(string file)
    {
        Text.Append($"\nReproduce: `dotnet run --project tests/Rectune.Benchmarks -c Release -- {options}`\n");
        var folder = options.Text("--out", Path.Combine("profiles", Machine.Id));
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, file);
        File.WriteAllText(path, Text.ToString());
        Console.WriteLine(Text);
        Console.Error.WriteLine($"written to {path}");
    }
}
