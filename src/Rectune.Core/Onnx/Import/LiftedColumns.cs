using Rectune.Core.Onnx.Protobuf;

namespace Rectune.Core.Onnx;

/// <summary>Gives every lifted lookup its columns in <c>pooled</c>. Lookups of the same ids in the same table share theirs.</summary>
internal sealed class LiftedColumns
{
    private readonly List<LiftedTable> tables = [];
    private readonly List<LiftedValue> values = [];

    public LiftedColumns(GraphIndex graph, IReadOnlyList<Lookup> lookups, ReservedNames names, string fileName)
    {
        var features = new List<LiftedFeature>();
        var tableOf = new Dictionary<string, int>(StringComparer.Ordinal);
        var featureOf = new Dictionary<(string Input, string Table, long FirstId, long Ids, bool IsPooled), int>();
        var offset = 0;
        foreach (var lookup in lookups)
        {
            if (!tableOf.TryGetValue(lookup.TableName, out var table))
            {
                tableOf[lookup.TableName] = table = tables.Count;
                tables.Add(Table(lookup, names, fileName));
            }

            var rows = lookup.Use.Indices!.Append(tables[table].Dim);
            var sum = Sum(graph, lookup.Gather, rows, out var summed);
            var ids = lookup.Use.Indices.PerSample;
            var key = (lookup.Input.Name, lookup.TableName, lookup.Use.FirstId, ids, sum is not null);
            if (!featureOf.TryGetValue(key, out var feature))
            {
                featureOf[key] = feature = features.Count;
                features.Add(new LiftedFeature(
                    "", names.InFile(lookup.Input.Name), table, tables[table].Rows, tables[table].Dim, (int)lookup.Use.FirstId, (int)ids, sum is not null, offset));
                offset = checked(offset + features[feature].Width);
            }

            values.Add(new LiftedValue(sum ?? lookup.Gather, summed ?? rows, feature));
        }

        var featureNames = FeatureNames.For([.. features.Select(feature => (feature.Input, feature.FirstId, tables[feature.Table].Name))]);
        Features = [.. features.Select((feature, i) => feature with { Name = featureNames[i] })];
    }

    public IReadOnlyList<LiftedFeature> Features { get; }

    public IReadOnlyList<LiftedTable> Tables => tables;

    /// <summary>What the lookups computed in the graph, and from which columns it comes now.</summary>
    public IReadOnlyList<LiftedValue> Values => values;

    private static LiftedTable Table(Lookup lookup, ReservedNames names, string fileName)
    {
        var data = lookup.Table!;
        if (!TensorData.IsExternal(data))
        {
            TensorData.CheckFloats(data, fileName);
        }

        return new LiftedTable(names.InFile(lookup.TableName), data.Dims[0], (int)data.Dims[1], data);
    }

    /// <summary>The ReduceSum that alone reads the rows and sums all rows of a sample; null when there is none.</summary>
    private static NodeProto? Sum(GraphIndex graph, NodeProto gather, BatchShape rows, out BatchShape? summed)
    {
        summed = null;
        var readers = graph.Consumers(gather.Output[0]);
        if (readers.Count != 1 || !readers[0].Is("ReduceSum") || readers[0].Input[0] != gather.Output[0] || graph.IsOutput(gather.Output[0]))
        {
            return null;
        }

        var node = readers[0];
        var axes = node.Input.Count > 1 && node.Input[1].Length > 0 ? graph.Integers(node.Input[1]) : node.Ints("axes");
        summed = axes is null ? null : rows.SumRows(axes, node.Int("keepdims", 1) != 0);
        return summed is null ? null : node;
    }
}
