using Rectune.Core.Domain;
using Rectune.Core.Models;
using Rectune.Core.Numerics;
using Rectune.Engine.Data;
using Rectune.Engine.Sessions;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Sessions;

public sealed class PathInstanceTests
{
    private const ulong Seed = 7;

    /// <summary>fp32 arithmetic over sums of at most a few hundred products of order one.</summary>
    private const double Tolerance = 1e-5;

    [Theory]
    [InlineData(InteractionKind.Dot, 1)]
    [InlineData(InteractionKind.Dot, 2)]
    [InlineData(InteractionKind.Concat, 1)]
    public void Score_Fp32_EqualsSlowReference(InteractionKind interaction, int threads)
    {
        var card = TinyModel.Card(interaction);
        var pool = TinyModel.Pool(card, 50);
        var scores = Score(card, pool, TablePrecision.Fp32, threads, 50);
        for (var sample = 0; sample < 50; sample++)
        {
            Assert.Equal(TinyModel.SlowScore(card, pool, sample, Seed), scores[sample], Tolerance);
        }
    }

    [Theory]
    [InlineData(InteractionKind.Dot, 5, 2)]
    [InlineData(InteractionKind.Concat, 0, 1)]
    [InlineData(InteractionKind.Concat, 0, 3)]
    public void Score_SeveralOutputsOrNoDenseFeatures_EqualsSlowReference(InteractionKind interaction, int denseFeatures, int outputs)
    {
        var card = TinyModel.Card(interaction, denseFeatures, outputs);
        var pool = TinyModel.Pool(card, 20);
        var scores = Score(card, pool, TablePrecision.Fp32, 1, 20);
        Assert.Equal(20 * outputs, scores.Length);
        for (var sample = 0; sample < 20; sample++)
        {
            var expected = TinyModel.SlowScores(card, pool, sample, Seed);
            for (var output = 0; output < outputs; output++)
            {
                Assert.Equal(expected[output], scores[(sample * outputs) + output], Tolerance);
            }
        }
    }

    [Theory]
    [InlineData(TablePrecision.Fp16, 1e-3)]
    [InlineData(TablePrecision.Int8, 1e-2)]
    public void Score_ReducedPrecision_StaysNearTheSlowReference(TablePrecision precision, double tolerance)
    {
        var card = TinyModel.Card(InteractionKind.Dot);
        var pool = TinyModel.Pool(card, 50);
        var scores = Score(card, pool, precision, 1, 50);
        for (var sample = 0; sample < 50; sample++)
        {
            Assert.Equal(TinyModel.SlowScore(card, pool, sample, Seed), scores[sample], tolerance);
        }
    }

    [Fact]
    public void Score_SplitIntoParts_ChangesNothing()
    {
        var card = TinyModel.Card(InteractionKind.Dot);
        var pool = TinyModel.Pool(card, 40);
        using var tables = TinyModel.Tables(Seed);
        using var instance = TinyModel.Instance(card, tables, TablePrecision.Fp32, 1, 40, Seed);
        instance.Begin();
        instance.Add(pool, 0, 40);
        instance.Pool();
        instance.Score();
        var whole = instance.Scores.ToArray();

        instance.Begin();
        instance.Add(pool, 25, 15);
        instance.Add(pool, 0, 10);
        instance.Add(pool, 10, 15);
        instance.Pool();
        instance.Score();
        float[] expected = [.. whole[25..40], .. whole[..10], .. whole[10..25]];
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], instance.Scores[i], 1e-6f);
        }
    }

    [Fact]
    public void Score_ReusedBuffersLongerThanTheBatch_AreNotRefused()
    {
        var card = TinyModel.Card();
        var pool = TinyModel.Pool(card, 2);
        var longer = new FeatureBatch(
            2,
            [.. pool.Dense, .. new float[90]],
            Array.ConvertAll(pool.Columns, c => new SparseColumn([.. c.Ids, 0, 0, 0], [.. c.Offsets ?? [0, 1, 2], 0, 0])));
        using var tables = TinyModel.Tables(Seed);
        using var instance = TinyModel.Instance(card, tables, TablePrecision.Fp32, 1, 2, Seed);
        instance.Begin();
        instance.Add(longer, 0, 2);
        instance.Pool();
        instance.Score();
        Assert.Equal(TinyModel.SlowScore(card, pool, 0, Seed), instance.Scores[0], Tolerance);
        Assert.Equal(TinyModel.SlowScore(card, pool, 1, Seed), instance.Scores[1], Tolerance);
    }

    [Fact]
    public void Run_SteadyState_AllocatesNothing()
    {
        var card = TinyModel.Card(InteractionKind.Dot);
        var pool = TinyModel.Pool(card, 64);
        using var tables = TinyModel.Tables(Seed);
        using var instance = TinyModel.Instance(card, tables, TablePrecision.Int8, 1, 64, Seed);
        Assert.Equal(0, Allocation.Of(() => Loop(instance, pool, 300)));
    }

    private static void Loop(PathInstance instance, FeatureBatch pool, int runs)
    {
        for (var i = 0; i < runs; i++)
        {
            instance.Begin();
            instance.Add(pool, 0, 1 + (i % 60));
            instance.Pool();
            instance.Score();
        }
    }

    private static float[] Score(ModelCard card, FeatureBatch pool, TablePrecision precision, int threads, int count)
    {
        using var tables = TinyModel.Tables(Seed, threads: 2);
        using var instance = TinyModel.Instance(card, tables, precision, threads, count, Seed);
        instance.Begin();
        instance.Add(pool, 0, count);
        instance.Pool();
        instance.Score();
        return instance.Scores.ToArray();
    }
}
