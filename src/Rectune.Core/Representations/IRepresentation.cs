using Rectune.Core.Domain;

namespace Rectune.Core.Representations;

/// <summary>One kind of representation: how ids become vectors, and with which parameters. One file a kind; <see cref="RepresentationCatalog"/> lists them.</summary>
public interface IRepresentation
{
    /// <summary>The name in files and on the command line.</summary>
    string Kind { get; }

    /// <summary>One sentence for help.</summary>
    string Summary { get; }

    /// <summary>What may be set, in the order of listing.</summary>
    IReadOnlyList<ParameterDefinition> Parameters { get; }

    /// <summary>Vectors that every feature gets: 1, or 2 where two stand side by side.</summary>
    int VectorsPerFeature => 1;

    /// <summary>Holds the settings against a model, where they speak of its features.</summary>
    /// <exception cref="InvalidInputException">They name what the model does not have.</exception>
    void Check(ModelCard card, ParameterSet settings)
    {
    }

    /// <summary>False where no feature ever has rows in memory, whose precision then makes no difference.</summary>
    bool StoresRows => true;

    /// <summary>How the vector of one id comes about.</summary>
    /// <param name="feature">The feature.</param>
    /// <param name="vector">Which of its vectors, from 0.</param>
    /// <param name="settings">Checked parameters.</param>
    VectorSource SourceOf(SparseFeature feature, int vector, ParameterSet settings);
}
