using Rectune.Core.Domain;

namespace Rectune.Benchmarks.Models;

/// <summary>Precisions in which a model runs here.</summary>
/// <param name="Name">As the report has it.</param>
internal sealed record ModelForm(string Name, TablePrecision Tables, string Dense)
{
    public static ModelForm Full { get; } = new("fp32", TablePrecision.Fp32, DensePrecision.Fp32);

    /// <summary>Forms that round, and change scores.</summary>
    public static IReadOnlyList<ModelForm> Reduced { get; } =
    [
        new("int8 tables", TablePrecision.Int8, DensePrecision.Fp32),
        new("int8 tables and dense", TablePrecision.Int8, DensePrecision.Int8),
    ];

    public static IReadOnlyList<ModelForm> All { get; } = [Full, .. Reduced];
}
