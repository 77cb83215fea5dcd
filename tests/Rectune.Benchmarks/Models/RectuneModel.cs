using System.Diagnostics;
using System.Numerics.Tensors;
using Rectune.Core.Domain;
using Rectune.Core.Representations;
using Rectune.Engine.Data;
using Rectune.Engine.Kernels;
using Rectune.Engine.Sessions;

namespace Rectune.Benchmarks.Models;

/// <summary>A model here, one instance in every form and thread count, over tables of every precision that the forms need.</summary>
internal sealed class RectuneModel : IDisposable
{
    private readonly ModelCard card;
    private readonly FeatureBatch pool;
    private readonly ulong seed;
    private readonly ModelGraphs graphs;
    private readonly RandomRows values;
    private readonly Dictionary<TablePrecision, TableStore> stores = [];
    private readonly Dictionary<(ModelForm Form, int Threads), PathInstance> instances = [];
    private int at;

    /// <param name="threads">Thread counts that will be asked for.</param>
    public RectuneModel(ModelCard card, FeatureBatch pool, ulong seed, int maxBatch, IReadOnlyList<int> threads)
    {
        (this.card, this.pool, this.seed) = (card, pool, seed);
        graphs = new ModelGraphs(card, seed);
        values = new RandomRows(seed);
        foreach (var form in ModelForm.All)
        {
            if (!stores.TryGetValue(form.Tables, out var store))
            {
                stores[form.Tables] = store = new TableStore(values, Environment.ProcessorCount);
            }

            var single = new Configuration
            {
                Representation = Representation.Table,
                TablePrecision = form.Tables,
                DensePrecision = form.Dense,
                Device = "cpu",
                Threads = 1,
                Instances = 1,
            };
            var stored = store.Open(graphs.Design(Representation.Table), single, new Progress<double>(), CancellationToken.None);
            foreach (var count in threads)
            {
                instances[(form, count)] = new PathInstance(graphs, stored, single with { Threads = count }, maxBatch);
            }
        }
    }

    /// <summary>Sums of rows in full precision, <c>[samples, sum of dims]</c>, of the pool's first samples.</summary>
    public float[] Pooled(int samples)
    {
        var design = RepresentationCatalog.Design(card, Representation.Table);
        var width = card.Sparse.Sum(feature => feature.Dim);
        var pooled = new float[samples * width];
        foreach (var slot in design.Layout.Slots)
        {
            var lookups = card.Sparse[slot.Feature].Lookups;
            var row = new float[slot.Dim];
            for (var i = 0; i < samples * lookups; i++)
            {
                var sum = pooled.AsSpan((i / lookups * width) + slot.Column, slot.Dim);
                values.Read(design.Sources[slot.Feature].Stored[0], pool.Columns[slot.Feature].Ids[i], row);
                TensorPrimitives.Add(sum, row, sum);
            }
        }

        return pooled;
    }

    /// <summary>Scores <c>[samples, outputs]</c> of the pool's first samples with the tables of <paramref name="form"/>.</summary>
    public float[] Scores(ModelForm form, int samples)
    {
        var instance = instances.First(entry => entry.Key.Form == form).Value;
        Run(instance, 0, samples);
        return instance.Scores.ToArray();
    }

    /// <summary>Scores <c>[samples, outputs]</c> of the pool's first samples with nothing rounded.</summary>
    public float[] ReferenceScores(int samples) => new ReferenceScores(graphs, values).Of(Representation.Table, pool, samples);

    /// <summary>The same before the last activation.</summary>
    public float[] ReferenceLogits(int samples)
    {
        var open = new ModelGraphs(card with { Output = OutputKind.None }, seed);
        return new ReferenceScores(open, values).Of(Representation.Table, pool, samples);
    }

    /// <summary>Microseconds of the median run of a visit.</summary>
    public double MedianUs(ModelForm form, int threads, int batch, double seconds)
    {
        var instance = instances[(form, threads)];
        instance.BindCaller();
        try
        {
            return Visit(instance, batch, seconds);
        }
        finally
        {
            // Processes that are started from here, PyTorch's among them, would inherit the binding.
            CoreSet.Allowed.BindCaller();
        }
    }

    private double Visit(PathInstance instance, int batch, double seconds)
    {
        var us = new List<double>();
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun).TotalSeconds < seconds || us.Count < 4)
        {
            at = at + batch <= pool.Samples ? at : 0;
            var start = Stopwatch.GetTimestamp();
            Run(instance, at, batch);
            us.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            at += batch;
        }

        return Report.Median(us[1..]);
    }

    public void Dispose()
    {
        foreach (var instance in instances.Values)
        {
            instance.Dispose();
        }

        foreach (var store in stores.Values)
        {
            store.Dispose();
        }
    }

    private void Run(PathInstance instance, int start, int count)
    {
        instance.Begin();
        instance.Add(pool, start, count);
        instance.Pool();
        instance.Score();
    }
}
