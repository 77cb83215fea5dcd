using System.Text.Json;
using Rectune.Core.Domain;

namespace Rectune.Engine.Load.Http;

/// <summary>A model as its server describes it: what a request must carry.</summary>
public sealed record ServedModel
{
    /// <summary>Most elements of a sample in one tensor; a bound on nonsense, not on models.</summary>
    private const long WidestSample = 1 << 20;

    public required string Name { get; init; }

    public required IReadOnlyList<ServedTensor> Inputs { get; init; }

    /// <summary>Samples of the largest query, where the server says so (rectune does, as <c>max_batch_samples</c>).</summary>
    public int? MaxSamples { get; init; }

    /// <summary>Reads a model's metadata document.</summary>
    /// <param name="utf8">The answer to <c>GET /v2/models/NAME</c>.</param>
    /// <param name="where">What messages call the document.</param>
    /// <exception cref="InvalidInputException">It is no metadata, or has inputs that no values can be drawn for; every problem is told.</exception>
    public static ServedModel Read(ReadOnlyMemory<byte> utf8, string name, string where)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(where);
        try
        {
            using var document = JsonDocument.Parse(utf8);
            return Read(document.RootElement, name, where);
        }
        catch (JsonException e)
        {
            throw new InvalidInputException(where, $"found malformed JSON: {e.Message}", "name a server of the Open Inference Protocol");
        }
    }

    private static ServedModel Read(JsonElement root, string name, string where)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("inputs", out var inputs) || inputs.ValueKind != JsonValueKind.Array || inputs.GetArrayLength() == 0)
        {
            throw new InvalidInputException(where, "found no 'inputs', expected the model's input tensors", "this server does not say what its model takes; without that no request can be made up");
        }

        var problems = new List<InputProblem>();
        var tensors = new List<ServedTensor>();
        var index = 0;
        foreach (var input in inputs.EnumerateArray())
        {
            if (Tensor(input, $"{where}: $.inputs[{index++}]", problems) is { } tensor)
            {
                tensors.Add(tensor);
            }
        }

        return problems.Count == 0
            ? new ServedModel { Name = name, Inputs = tensors, MaxSamples = Largest(root) }
            : throw new InvalidInputException(problems);
    }

    private static int? Largest(JsonElement root) =>
        root.TryGetProperty("parameters", out var parameters) && parameters.ValueKind == JsonValueKind.Object
        && parameters.TryGetProperty("max_batch_samples", out var most) && most.ValueKind == JsonValueKind.Number && most.TryGetInt32(out var samples) && samples > 0
            ? samples
            : null;

    private static ServedTensor? Tensor(JsonElement input, string where, List<InputProblem> problems)
    {
        if (input.ValueKind != JsonValueKind.Object
            || !input.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String
            || !input.TryGetProperty("datatype", out var datatype) || datatype.ValueKind != JsonValueKind.String
            || !input.TryGetProperty("shape", out var shape) || shape.ValueKind != JsonValueKind.Array)
        {
            problems.Add(new InputProblem(where, "found no tensor, expected an object with 'name', 'datatype' and 'shape'"));
            return null;
        }

        var called = $"{where} ({name.GetString()})";
        if (!ElementKinds.TryParse(datatype.GetString()!, out var kind))
        {
            problems.Add(new InputProblem(called, $"found datatype '{datatype.GetString()}', expected one of {string.Join(", ", ElementKinds.Names)}", "no values can be made up for it"));
            return null;
        }

        var dimensions = new List<long>();
        foreach (var dimension in shape.EnumerateArray())
        {
            dimensions.Add(dimension.ValueKind == JsonValueKind.Number && dimension.TryGetInt64(out var size) ? size : 0);
        }

        var width = 1L;
        foreach (var dimension in dimensions.Skip(1))
        {
            width = dimension > 0 && width <= WidestSample ? width * Math.Min(dimension, WidestSample + 1) : long.MaxValue;
        }

        if (dimensions.Count == 0 || dimensions[0] != -1 || width > WidestSample)
        {
            problems.Add(new InputProblem(
                called, $"found shape [{string.Join(',', dimensions)}], expected [-1,…]: the batch first, and fixed dimensions behind it of at most {WidestSample} elements in all"));
            return null;
        }

        return new ServedTensor { Name = name.GetString()!, Kind = kind, SampleShape = [.. dimensions.Skip(1).Select(dimension => (int)dimension)] };
    }
}
