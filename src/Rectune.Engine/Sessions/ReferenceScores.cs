using System.Numerics.Tensors;
using Rectune.Core.Domain;
using Rectune.Core.Representations;
using Rectune.Engine.Data;

namespace Rectune.Engine.Sessions;

/// <summary>Scores of a representation in full precision without any table in memory: rows are read from their values one by one. Slow; for a small sample.</summary>
public sealed class ReferenceScores(ModelGraphs graphs, IRowValues values)
{
    /// <summary>Scores <c>[count, outputs]</c> of the first samples of a pool.</summary>
    public float[] Of(Representation representation, FeatureBatch pool, int count)
    {
        ArgumentNullException.ThrowIfNull(representation);
        ArgumentNullException.ThrowIfNull(pool);
        var configuration = new Configuration { Representation = representation, TablePrecision = TablePrecision.Fp32, Device = "cpu", Threads = 1, Instances = 1 };
        var design = graphs.Design(representation).Learned;
        using var session = graphs.LoadDense(configuration, count, InstanceSetup.Caller);
        var vectors = session.Input(0);
        for (var slot = 0; slot < design.Sources.Count; slot++)
        {
            if (design.Sources[slot].Decoder is null)
            {
                Sum(design, slot, pool, count, vectors);
            }
        }

        foreach (var group in design.Groups)
        {
            using var decoding = new VectorDecoding(graphs, design, group, tables: null, count, InstanceSetup.Caller, team: null, values);
            decoding.Decode(pool, 0, count, vectors);
        }

        VectorProduction.CountSteps(design.Layout, pool, 0, count, vectors);
        if (graphs.Card.DenseFeatures > 0)
        {
            pool.Dense.AsSpan(0, count * graphs.Card.DenseFeatures).CopyTo(session.Input(1));
        }

        session.Run(count);
        return session.Output(0)[..(count * graphs.Outputs)].ToArray();
    }

    private void Sum(EmbeddingDesign design, int index, FeatureBatch pool, int count, Span<float> vectors)
    {
        var slot = design.Layout.Slots[index];
        var stored = design.Sources[index].Stored[0];
        var row = new float[slot.Dim];
        var position = new BagPosition(pool, slot.Feature, 0, count);
        for (var sample = 0; sample < count; sample++)
        {
            vectors.Slice((sample * design.Layout.Width) + slot.Column, slot.Elements).Clear();
        }

        while (position.Remaining > 0)
        {
            var id = position.Peek(1)[0];
            var (sample, step) = position.Take();
            var at = (sample * design.Layout.Width) + slot.Column + (slot.Steps == 0 ? 0 : step * slot.Dim);
            if (slot.Steps == 0 || step < slot.Steps)
            {
                values.Read(stored, stored.RowOf(id), row);
                TensorPrimitives.Add(vectors.Slice(at, slot.Dim), row, vectors.Slice(at, slot.Dim));
            }
        }
    }
}
