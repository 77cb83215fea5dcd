using Rectune.Core.Domain;

namespace Rectune.Core.Formats;

/// <summary>Collects what is wrong with one text, so that all of it is told at once, in the order of the text.</summary>
internal sealed class ProblemList(InputText input)
{
    private readonly List<(int Offset, InputProblem Problem)> found = [];

    public int Count => found.Count;

    public void Add(int offset, string path, string what, string? advice = null) =>
        found.Add((offset, new InputProblem(input.Where(offset, path), what, advice)));

    public IEnumerable<InputProblem> InOrder() => found.OrderBy(f => f.Offset).Select(f => f.Problem);

    public void ThrowIfAny()
    {
        if (found.Count > 0)
        {
            throw new InvalidInputException([.. InOrder()]);
        }
    }
}
