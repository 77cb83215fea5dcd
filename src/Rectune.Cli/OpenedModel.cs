using System.Globalization;
using Rectune.Core.Domain;
using Rectune.Core.Formats;
using Rectune.Engine.Data;
using Rectune.Engine.Import;
using Rectune.Engine.Sessions;

namespace Rectune.Cli;

/// <summary>A model with its graphs and the values of its rows: a card with seeded random weights, or a model file with its own.</summary>
internal sealed class OpenedModel : IDisposable
{
    private const string RandomPrefix = "random:";
    private const string FilePrefix = "onnx:";

    /// <summary>Samples on which a model file and its taken-apart form are compared.</summary>
    private const int ComparedSamples = 64;

    /// <summary>Largest difference of a score, absolute, that summing in another order explains.</summary>
    private const double LargestError = 1e-4;

    private readonly OnnxModelFile? file;

    private OpenedModel(PlanModel model, ModelGraphs graphs, IRowValues values, OnnxModelFile? file)
    {
        this.file = file;
        (Model, Graphs, Values) = (model, graphs, values);
    }

    public PlanModel Model { get; }

    public ModelGraphs Graphs { get; }

    public IRowValues Values { get; }

    /// <summary>A model as a user names it.</summary>
    /// <param name="choice">What the user wrote.</param>
    /// <param name="seed">Seed of random weights, and of the samples that a model file is compared on.</param>
    public static OpenedModel Open(ModelChoice choice, ulong seed)
    {
        if (ModelSource.IsModelFile(choice.Name))
        {
            return OpenFile(choice, seed);
        }

        var card = ModelSource.Card(choice);
        var model = new PlanModel { Name = card.Name, Card = card, Sha256 = CardFormat.Sha256(card), Weights = string.Create(CultureInfo.InvariantCulture, $"{RandomPrefix}{seed}") };
        return Random(model, seed);
    }

    /// <summary>The model of a plan; a model file must be the one it was made with.</summary>
    public static OpenedModel Reopen(PlanModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Card.Graph is not { } graph)
        {
            return model.Weights.StartsWith(RandomPrefix, StringComparison.Ordinal) && ulong.TryParse(model.Weights.AsSpan(RandomPrefix.Length), out var seed)
                ? Random(model, seed)
                : throw new InvalidInputException("$.model.weights", $"found '{model.Weights}', expected {RandomPrefix}SEED", "plan again with this version");
        }

        var opened = OnnxModelFile.Open(graph.File, graph.Output);
        var found = opened.Sha256();
        if (found != graph.Sha256)
        {
            opened.Dispose();
            throw new InvalidInputException(graph.File, $"found a file with SHA-256 {found}, the plan was made with {graph.Sha256}", "restore the plan's own file, or plan again");
        }

        return FromFile(model, opened);
    }

    public void Dispose() => file?.Dispose();

    private static OpenedModel Random(PlanModel model, ulong seed) => new(model, new ModelGraphs(model.Card, seed), new RandomRows(seed), file: null);

    private static OpenedModel FromFile(PlanModel model, OnnxModelFile file) => new(model, new ModelGraphs(model.Card, seed: 0, file.Graph), new FileRows(file), file);

    private static OpenedModel OpenFile(ModelChoice choice, ulong seed)
    {
        ModelSource.RefuseSizes(choice);
        var opened = OnnxModelFile.Open(choice.Name, choice.Output);
        try
        {
            var proof = LiftProver.Prove(opened, ComparedSamples, seed);
            if (!(proof.MaxAbsError <= LargestError))
            {
                throw new InvalidInputException(
                    choice.Name,
                    string.Create(CultureInfo.InvariantCulture, $"the file and its form with lookups outside differ by {proof.MaxAbsError:G3} over {proof.Samples} samples, expected at most {LargestError:G1}"),
                    "the model cannot be planned as it is; a graph that draws random numbers or depends on its batch does this");
            }

            var card = FileCard.Of(opened, proof);
            return FromFile(new PlanModel { Name = card.Name, Card = card, Sha256 = CardFormat.Sha256(card), Weights = FilePrefix + card.Graph!.Sha256 }, opened);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }
}
