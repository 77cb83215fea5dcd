using Microsoft.ML.OnnxRuntime;
using Rectune.Core.Domain;
using Rectune.Core.Onnx;

namespace Rectune.Engine.Import;

/// <summary>Runs a user's model and its lifted form on the same samples.</summary>
public static class LiftProver
{
    /// <summary>Scores of different batch sizes may differ by the order of summation: this share of the spread between samples, and of the largest score.</summary>
    private const double ShareOfSpread = 1e-4;
    private const double ShareOfScore = 1e-6;

    /// <summary>An uneven batch beside that of all samples, so that no extent in the graph divides both by accident.</summary>
    private const int UnevenBatch = 3;

    /// <summary>
    /// Compares batch by batch at the exported batch, or sample by sample when it was left open; then the lifted form alone at other batches. The original
    /// is loaded into ONNX Runtime with all its tables.
    /// </summary>
    /// <param name="model">Both forms.</param>
    /// <param name="samples">At least this many are compared.</param>
    /// <param name="seed">Seed of the samples.</param>
    /// <exception cref="InvalidInputException">ONNX Runtime refuses one of the two; its words are in the message.</exception>
    public static LiftProof Prove(OnnxModelFile model, int samples, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 2);
        var exported = checked((int)(model.Lifted.ExportedBatch ?? 1));
        var count = (samples + exported - 1) / exported * exported;
        var drawn = new LiftSamples(model.Lifted, count, seed);
        float[] original;
        using (var session = new CheckedGraph(options => new InferenceSession(model.Path, options), model.Path))
        {
            original = OriginalRun.Scores(session, model.Lifted, drawn, exported, model.Path);
        }

        using var residual = new CheckedGraph(options => new InferenceSession(model.Graph, options), model.Path);
        var pooled = drawn.Pooled(model);
        var lifted = Scores(residual, model.Lifted, drawn.Dense, pooled, exported);
        return new LiftProof(count, MaxAbsError(original, lifted), BatchObstacle(residual, model.Lifted, drawn.Dense, pooled, exported, lifted));
    }

    private static string? BatchObstacle(CheckedGraph residual, LiftedModel model, float[] dense, float[] pooled, int exported, float[] expected)
    {
        var count = expected.Length / model.ScoreWidth;
        var tolerance = (ShareOfSpread * (expected.Max() - expected.Min())) + (ShareOfScore * expected.Max(Math.Abs));
        foreach (var batch in new[] { 1, UnevenBatch, count }.Where(batch => batch != exported))
        {
            try
            {
                var error = MaxAbsError(expected, Scores(residual, model, dense, pooled, batch));
                if (!(error <= tolerance))
                {
                    return $"scores of a batch of {batch} differ from those of a batch of {exported} by up to {error:G3}";
                }
            }
            catch (InvalidInputException failed)
            {
                return $"a batch of {batch} does not run: {failed.Problems[0].What}";
            }
        }

        return null;
    }

    /// <summary><c>[samples, S]</c>, scored <paramref name="batch"/> at a time, the last time as many as are left.</summary>
    private static float[] Scores(CheckedGraph residual, LiftedModel model, float[] dense, float[] pooled, int batch)
    {
        var count = model.PooledWidth > 0 ? pooled.Length / model.PooledWidth : dense.Length / model.DenseWidth;
        var scores = new List<float>(count * model.ScoreWidth);
        for (var sample = 0; sample < count; sample += batch)
        {
            var taken = Math.Min(batch, count - sample);
            var inputs = ResidualRun.Inputs(
                model,
                dense[(sample * model.DenseWidth)..((sample + taken) * model.DenseWidth)],
                pooled[(sample * model.PooledWidth)..((sample + taken) * model.PooledWidth)],
                taken);
            using var results = residual.Run(inputs, [DenseTensors.Score]);
            scores.AddRange(results[0].GetTensorDataAsSpan<float>());
        }

        return [.. scores];
    }

    private static double MaxAbsError(ReadOnlySpan<float> expected, ReadOnlySpan<float> found)
    {
        if (expected.Length != found.Length)
        {
            return double.PositiveInfinity;
        }

        var largest = 0.0;
        for (var i = 0; i < expected.Length; i++)
        {
            var error = expected[i].Equals(found[i]) ? 0 : Math.Abs((double)expected[i] - found[i]);
            largest = Math.Max(largest, double.IsNaN(error) ? double.PositiveInfinity : error);
        }

        return largest;
    }
}
