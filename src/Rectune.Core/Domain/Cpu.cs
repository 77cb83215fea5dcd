namespace Rectune.Core.Domain;

/// <summary>The processor as the operating system shows it.</summary>
public sealed record Cpu
{
    public required string Name { get; init; }

    /// <summary><c>x64</c> or <c>arm64</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>Cores this process may use.</summary>
    public required int Cores { get; init; }

    /// <summary>Hardware threads per physical core; null when unknown.</summary>
    public int? ThreadsPerCore { get; init; }

    public required int NumaNodes { get; init; }

    /// <summary>Instruction sets that matter here, best first: <c>avx512</c>, <c>avx512vnni</c>, <c>avx2</c>, <c>neon</c>.</summary>
    public required IReadOnlyList<string> InstructionSets { get; init; }

    /// <summary>Name of the hypervisor; null on bare metal or when unknown.</summary>
    public string? Hypervisor { get; init; }
}
