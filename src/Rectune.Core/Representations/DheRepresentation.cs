using Rectune.Core.Domain;
using Rectune.Core.Models;

namespace Rectune.Core.Representations;

/// <summary>
/// Deep Hash Embedding (Kang et al., KDD 2021): k hashes of an id, encoded as real numbers, decoded by an MLP of the feature's own. Memory does not grow with the ids.
/// </summary>
public sealed class DheRepresentation : IRepresentation
{
    public string Kind => "dhe";

    public string Summary => "k hashes of the id, decoded by a small network a feature: little memory, much arithmetic";

    public IReadOnlyList<ParameterDefinition> Parameters { get; } = Definitions;

    /// <summary>Shared with every representation that contains a DHE. Defaults: k and widths of MP-Rec's published configurations.</summary>
    internal static IReadOnlyList<ParameterDefinition> Definitions { get; } =
    [
        ParameterDefinition.Whole("k", 1024, "hashes an id", 1, ParameterSet.LargestWidth),
        ParameterDefinition.Whole("range", DheHashes.DefaultRange, "values of a hash", 2, DheHashes.LargestRange),
        ParameterDefinition.Choice("encoding", "how hashes become real numbers", "uniform", "gaussian"),
        ParameterDefinition.Widths("decoder", "512-256", "widths of the decoder's hidden layers", least: 1, most: 16),
        ParameterDefinition.Choice("activation", "after every hidden layer", "relu", "mish"),
        ParameterDefinition.Choice("norm", "batch normalisation of every hidden layer, folded into its weights", "none", "batch"),
    ];

    public bool StoresRows => false;

    public VectorSource SourceOf(SparseFeature feature, int vector, ParameterSet settings) => Hashed(feature, settings);

    internal static VectorSource Hashed(SparseFeature feature, ParameterSet settings)
    {
        var encoding = settings.Text("encoding") == "gaussian" ? DheEncoding.Gaussian : DheEncoding.Uniform;
        var count = settings.Whole("k");
        if (encoding == DheEncoding.Gaussian && count % 2 != 0)
        {
            throw new InvalidInputException("representation dhe", $"found k '{count}', expected an even number: the gaussian encoding takes hashes in pairs");
        }

        return new VectorSource
        {
            Hashes = new HashInput(feature.Table ?? feature.Name, count, settings.Whole("range"), encoding),
            Decoder = new MlpDecoder(
                settings.Widths("decoder"), settings.Text("activation") == "mish" ? Activation.Mish : Activation.Relu, settings.Text("norm") == "batch"),
        };
    }
}
