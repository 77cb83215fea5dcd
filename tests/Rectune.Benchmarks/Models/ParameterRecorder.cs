using Rectune.Core.Models;

namespace Rectune.Benchmarks.Models;

/// <summary>Passes parameters on and keeps each under its name, in the order in which they are first asked for.</summary>
internal sealed class ParameterRecorder(IParameters parameters) : IParameters
{
    private readonly OrderedDictionary<string, (ParameterShape Shape, float[] Values)> recorded = new(StringComparer.Ordinal);

    public IEnumerable<(ParameterShape Shape, float[] Values)> Recorded => recorded.Values;

    public float[] Values(ParameterShape shape)
    {
        if (!recorded.TryGetValue(shape.Name, out var entry))
        {
            recorded[shape.Name] = entry = (shape, parameters.Values(shape));
        }

        return entry.Values;
    }
}
