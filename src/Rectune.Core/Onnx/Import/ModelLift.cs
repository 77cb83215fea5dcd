using Rectune.Core.Domain;
using Rectune.Core.Onnx.Protobuf;

namespace Rectune.Core.Onnx;

/// <summary>Takes a user's model apart into embedding lookups and a dense graph.</summary>
public static class ModelLift
{
    /// <summary>Integers up to here are fp32 numbers, which ids that stay in the graph are fed as.</summary>
    private const long ExactInFloat = 1 << 24;

    /// <param name="model">As <see cref="OnnxFile"/> read it; becomes the remaining graph.</param>
    /// <param name="fileName">Only shown.</param>
    /// <param name="output">The output to keep; null takes the only one.</param>
    /// <exception cref="InvalidInputException">An input or output that rectune cannot feed or read; every such input is named.</exception>
    public static LiftedModel Lift(ModelProto model, string fileName, string? output = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var graph = model.Graph;
        var names = new ReservedNames(graph);
        var score = ModelOutput.Choose(graph, output, fileName, names);
        var others = graph.Output.Where(value => value.Name != score.Name).ToArray();
        foreach (var other in others)
        {
            graph.Output.Remove(other);
        }

        GraphPruning.Prune(graph);
        var inputs = ModelInput.Of(graph, fileName, names.InFile);
        var exportedBatch = inputs.Select(input => input.ExportedBatch).FirstOrDefault(batch => batch is not null);
        var index = new GraphIndex(graph);
        var traces = inputs.Select(input => new InputTrace(index, input, exportedBatch)).ToArray();
        var lookups = new EmbeddingFinder(index, traces).Lookups;
        var lifted = lookups.Where(lookup => lookup.Obstacle is null).ToArray();
        var fed = traces.Where(trace => !lifted.Any(lookup => lookup.Input == trace.Input)).ToArray();
        Check(fed, lookups, fileName, names);

        var dense = Columns(fed, lookups);
        var features = new LiftedColumns(index, lifted, names, fileName);
        var width = score.Width(exportedBatch);
        var residual = new ResidualGraph(model, names);
        residual.Replace(features, traces.Where(trace => !fed.Contains(trace)));
        residual.Feed(fed.Select(trace => trace.Input).ToArray(), dense);
        residual.Finish(score, width);
        return new LiftedModel
        {
            Features = features.Features,
            IdInputs = traces.Where(trace => !fed.Contains(trace)).ToDictionary(
                trace => names.InFile(trace.Input.Name), trace => (int)trace.Input.PerSample, StringComparer.Ordinal),
            Tables = features.Tables,
            DenseInputs = [.. dense.Select(input => input with { Name = names.InFile(input.Name) })],
            InPlace = [.. lookups.Where(lookup => lookup.Obstacle is not null).Select(lookup => new LookupInPlace(
                lookup.Gather.Shown().Trim('\''), names.InFile(lookup.TableName), names.InFile(lookup.Input.Name), lookup.Obstacle!))],
            Output = names.InFile(score.Name),
            ScoreWidth = width,
            ExportedBatch = exportedBatch,
            Graph = model,
        };
    }

    /// <summary>Integers are fed as fp32 only where it is known which integers the model takes.</summary>
    private static void Check(IReadOnlyList<InputTrace> fed, IReadOnlyList<Lookup> lookups, string fileName, ReservedNames names)
    {
        var problems = new List<InputProblem>();
        foreach (var trace in fed.Where(trace => trace.Input.IsInteger))
        {
            var name = names.InFile(trace.Input.Name);
            var rows = Rows(trace.Input, lookups);
            if (rows > ExactInFloat)
            {
                var reason = lookups.First(lookup => lookup.Input == trace.Input).Obstacle;
                problems.Add(new InputProblem(
                    fileName,
                    $"input '{name}': found ids of {rows} rows whose lookup stays in the graph ({reason}), expected at most {ExactInFloat} rows there",
                    "let the ids feed nothing but the lookups of stored tables"));
            }
            else if (rows is null && trace.Others.Count + trace.Lookups.Count > 0)
            {
                var reader = trace.Others.Count > 0 ? trace.Others[0] : trace.Lookups[0].Gather;
                problems.Add(new InputProblem(
                    fileName,
                    $"input '{name}': found {TensorData.TypeName((int)trace.Input.Type)} read by {(reader is null ? "the model's output" : $"{reader.OpType} {reader.Shown()}")}, " +
                    "expected ids of stored tables, or integers that a Cast turns into float",
                    "declare the input as float and Cast it inside the model"));
            }
        }

        if (problems.Count > 0)
        {
            throw new InvalidInputException(problems);
        }
    }

    private static long? Rows(ModelInput input, IReadOnlyList<Lookup> lookups) =>
        lookups.Where(lookup => lookup.Input == input).Select(lookup => lookup.Rows).Min();

    private static IReadOnlyList<DenseInput> Columns(IReadOnlyList<InputTrace> fed, IReadOnlyList<Lookup> lookups)
    {
        var columns = new List<DenseInput>();
        var offset = 0;
        foreach (var input in fed.Select(trace => trace.Input))
        {
            columns.Add(new DenseInput(input.Name, input.Extents, offset, (int)input.PerSample, input.IsInteger, Rows(input, lookups)));
            offset = checked(offset + columns[^1].Width);
        }

        return columns;
    }
}
