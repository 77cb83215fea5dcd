using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Core.Models;
using Xunit;

namespace Rectune.Tests.Models;

/// <summary>
/// What the zoo's models amount to. Parameters, lookups and bytes a sample are exact; work in millions of operations and tables in gigabytes have the digits that the
/// shapes' sources give, and are derived by hand where they give none.
/// </summary>
public sealed class ZooSizesTests
{
    /// <summary>Name, dense parameters, million FLOPs a sample and its digits, lookups, embedding bytes, input bytes, GB of tables and its digits.</summary>
    private static readonly (string Name, long Parameters, double Mflop, int FlopDigits, long Lookups, long EmbeddingBytes, long InputBytes, double TableGb, int TableDigits)[] Figures =
    [
        ("ncf", 148_224, 0.295, 3, 4, 1_024, 32, 0.086, 3),
        ("rm1", 100_833, 0.201, 3, 640, 81_920, 5_632, 4.10, 2),
        ("rm2", 319_937, 0.639, 3, 3_840, 983_040, 31_744, 4.10, 2),
        ("rm3", 3_205_409, 6.41, 2, 200, 25_600, 11_840, 2.56, 2),
        ("wnd", 2_066_433, 4.13, 2, 27, 3_456, 2_264, 3.46, 2),
        ("mtwnd", 3_280_256, 6.55, 2, 43, 5_504, 2_392, 3.90, 2),
        ("dien", 67_194, 1.57, 2, 43, 5_504, 344, 3.90, 2),
        ("dlrm", 475_985, 0.96, 2, 26, 1_664, 260, 2.16, 2),
        ("dlrm@terabyte", 762_177, 1.57, 2, 26, 6_656, 260, 12.58, 2),
        ("dlrm@mlperf-v1", 2_368_897, 4.82, 2, 26, 13_312, 260, 96.1, 1),

        // Bottom 13 → 512 → 256 → 128: 171,392. Three cross layers of 3456 → 512 → 3456 with one bias: 3 · 3,542,400 = 10,627,200. Top 3456 → 1024 → 1024 → 512 → 256 → 1: 5,245,953.
        ("dlrm@mlperf-v2", 171_392 + 10_627_200 + 5_245_953, 32.1, 1, 214, 109_568, 1_764, 104.5, 1),

        // 42,042 + 161 · 250 parameters and 3 · (250 + 3) lookups, see below. Work: top 2 · (128·200 + 200·80 + 80·2) = 83,520, a unit 2 · (96 + 32) = 256.
        // Tables: (21,000,000 + 250 · 100,000) · 128 bytes.
        ("din", 82_292, 0.147520, 6, 759, 759 * 128, 759 * 8, 5.888, 6),

        // 36 = 18 + 18 elements an item. Unit 144 → 80 → 40 → 1: 14,881 parameters, 29,520 operations a step. Top 18 + 4·36 = 162 → 200 → 80 → 2: 48,842 and 97,120.
        // Work: 100 · 29,520 + weighted sum 2 · 100 · 36 + 97,120. Lookups 3 + 2 · 100 of 72 bytes. Tables: (543,060 + 367,983 + 1,601) · 72 bytes, histories share them.
        ("din@alibaba", 14_881 + 48_842, 3.056320, 6, 203, 203 * 72, 203 * 8, 0.065710, 6),

        // As above and GRU 2 · (36·108 + 108) = 7,992, projection 36·36 + 36 with 36 slopes: 1,368, AUGRU 36·108 + 108 + 36·72 + 36·36 = 7,884.
        // Work: 100 · 2 · 36·(108 + 108) for each of both, 2 · 36·36 for the projection, 100 · 29,520 + 97,120.
        ("dien@alibaba", 14_881 + 48_842 + 7_992 + 1_368 + 7_884, 6.162112, 6, 203, 203 * 72, 203 * 8, 0.065710, 6),
    ];

    public static TheoryData<string> Names { get; } = [.. Zoo.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Size_EveryCardOfTheZoo_HasThePublishedFigures(string name)
    {
        var (_, parameters, mflop, flopDigits, lookups, embeddingBytes, inputBytes, tableGb, tableDigits) = Assert.Single(Figures, f => f.Name == name);
        var size = new ModelSize(Card(name));
        Assert.Equal(parameters, size.DenseParameters);
        Assert.Equal(mflop, size.FlopsPerSample / 1e6, flopDigits);
        Assert.Equal(lookups, size.LookupsPerSample);
        Assert.Equal(embeddingBytes, size.EmbeddingBytesPerSample(TablePrecision.Fp32));
        Assert.Equal(inputBytes, size.InputBytesPerSample);
        Assert.Equal(tableGb, size.TableBytes(TablePrecision.Fp32) / 1e9, tableDigits);
    }

    /// <summary>One behaviour as the benchmark's scripts run DIN, 251 as its published characterisation, 250 as its configuration says.</summary>
    [Theory]
    [InlineData(1, 42_203, 0.084, 12, 1_536, 96, 2.70)]
    [InlineData(251, 82_453, 0.148, 762, 97_536, 6_096, 5.90)]
    public void Size_DinOfAnyNumberOfBehaviours_HasThePublishedFigures(
        int behaviors, long parameters, double mflop, long lookups, long embeddingBytes, long inputBytes, double tableGb)
    {
        var card = Card("din");
        var behavior = card.Sparse.First(f => f.Group == "behavior");
        var size = new ModelSize(card with
        {
            Sparse =
            [
                .. card.Sparse.Where(f => f.Group != "behavior"),
                .. Enumerable.Range(1, behaviors).Select(i => behavior with { Name = $"behavior.{i}" }),
            ],
        });
        Assert.Equal(parameters, size.DenseParameters);
        Assert.Equal(42_042 + (161 * behaviors), size.DenseParameters);
        Assert.Equal(mflop, size.FlopsPerSample / 1e6, 3);
        Assert.Equal(lookups, size.LookupsPerSample);
        Assert.Equal(3 * (behaviors + 3), size.LookupsPerSample);
        Assert.Equal(embeddingBytes, size.EmbeddingBytesPerSample(TablePrecision.Fp32));
        Assert.Equal(inputBytes, size.InputBytesPerSample);
        Assert.Equal(tableGb, size.TableBytes(TablePrecision.Fp32) / 1e9, 2);
    }

    [Theory]
    [InlineData(1, 2_623_360, 5.24, 128)]
    [InlineData(5, 3_280_256, 6.55, 640)]
    public void Size_WideAndDeepOfAnyNumberOfTasks_HasThePublishedFigures(int tasks, long parameters, double mflop, int outputs)
    {
        var card = Card("mtwnd");
        var size = new ModelSize(card with { Heads = card.Heads! with { Tasks = tasks } });
        Assert.Equal(parameters, size.DenseParameters);
        Assert.Equal(mflop, size.FlopsPerSample / 1e6, 2);
        Assert.Equal(outputs, size.Outputs);
    }

    [Theory]
    [InlineData("dlrm", 33_762_577)]
    [InlineData("dlrm@terabyte", 49_126_297)]
    [InlineData("dlrm@mlperf-v1", 187_767_399)]
    [InlineData("dlrm@mlperf-v2", 204_184_588)]
    public void Size_CriteoCards_HaveThePublishedNumberOfIds(string name, long ids) => Assert.Equal(ids, new ModelSize(Card(name)).Rows);

    [Theory]
    [InlineData("ncf", 64)]
    [InlineData("wnd", 1)]
    [InlineData("din", 2)]
    [InlineData("dien@alibaba", 2)]
    public void Size_Outputs_AreTheLastWidth(string name, int outputs) => Assert.Equal(outputs, new ModelSize(Card(name)).Outputs);

    private static ModelCard Card(string name)
    {
        Assert.True(Zoo.TryGetText(name, out var json));
        return CardFormat.Read(json, name);
    }
}
