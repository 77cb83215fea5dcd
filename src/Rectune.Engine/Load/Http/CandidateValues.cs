using Rectune.Core.Domain;

namespace Rectune.Engine.Load.Http;

/// <summary>Candidates of a model card under the names and types that its server gives them.</summary>
public sealed class CandidateValues : IQueryValues
{
    private readonly ServedModel model;
    private readonly FeatureBatch candidates;
    private readonly IReadOnlyList<int> features;

    private CandidateValues(ServedModel model, FeatureBatch candidates, IReadOnlyList<int> features) =>
        (this.model, this.candidates, this.features) = (model, candidates, features);

    /// <param name="candidates">One column a feature, each sample with as many ids as the card says; no offsets.</param>
    /// <exception cref="InvalidInputException">The server's inputs are not the card's; every difference is told.</exception>
    public static CandidateValues Of(ModelCard card, FeatureBatch candidates, ServedModel model)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentNullException.ThrowIfNull(model);
        var problems = new List<InputProblem>();
        var matched = new int[model.Inputs.Count];
        for (var i = 0; i < matched.Length; i++)
        {
            matched[i] = FeatureOf(card, model.Inputs[i], problems);
        }

        foreach (var (name, width) in Carried(card))
        {
            if (model.Inputs.All(input => input.Name != name))
            {
                problems.Add(new InputProblem("--model", $"the card {card.Name} has '{name}' [batch,{width}], which the served model '{model.Name}' does not take", "name the model that is served"));
            }
        }

        return problems.Count == 0 ? new CandidateValues(model, candidates, matched) : throw new InvalidInputException(problems);
    }

    public int Starts(int samples) => candidates.Samples - samples + 1;

    public void Fill(int input, int start, Span<double> values)
    {
        var from = start * model.Inputs[input].Width;
        if (features[input] < 0)
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = candidates.Dense[from + i];
            }

            return;
        }

        var ids = candidates.Columns[features[input]].Ids.AsSpan(from, values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = ids[i];
        }
    }

    /// <summary>What requests for the card carry: its dense features, and ids of every feature that has its own.</summary>
    private static IEnumerable<(string Name, int Width)> Carried(ModelCard card)
    {
        if (card.DenseFeatures > 0)
        {
            yield return (DenseTensors.Dense, card.DenseFeatures);
        }

        foreach (var feature in card.Sparse.Where(feature => feature.Ids is null))
        {
            yield return (feature.Name, feature.Lookups);
        }
    }

    /// <summary>Index of the feature behind an input; −1 for the dense one.</summary>
    private static int FeatureOf(ModelCard card, ServedTensor input, List<InputProblem> problems)
    {
        var dense = input.Name == DenseTensors.Dense && card.DenseFeatures > 0;
        var feature = dense ? -1 : card.Sparse.TakeWhile(f => f.Name != input.Name || f.Ids is not null).Count();
        if (feature == card.Sparse.Count)
        {
            problems.Add(new InputProblem("--model", $"the served model takes '{input.Name}', which the card {card.Name} does not have", "name the model that is served, or leave --model out and say --name"));
            return feature;
        }

        var width = dense ? card.DenseFeatures : card.Sparse[feature].Lookups;
        if (input.Width != width || ElementKinds.IsReal(input.Kind) != dense)
        {
            problems.Add(new InputProblem(
                "--model",
                $"the served model takes '{input.Name}' as {ElementKinds.Text(input.Kind)} with {input.Width} values a sample, the card {card.Name} has {width} {(dense ? "reals" : "ids")}",
                "name the model that is served"));
        }

        return feature;
    }
}
