using Rectune.Core.Domain;

namespace Rectune.Core.Planning;

/// <summary>
/// Quality of representations that nobody measured here, relative to tables. Seeds of one training differ by as much (accuracies of DLRM on Criteo Kaggle spread over 0.1 to 0.2 points between runs
/// of one size), so that these order paths and prove nothing: a trained model's own figures replace them.
/// </summary>
public static class QualityPriors
{
    /// <summary>MP-Rec (Hsia et al., ASPLOS 2023), abstract: the best representation answers 0.19 points better than tables on Criteo Kaggle.</summary>
    private static readonly QualityPrior HybridOnKaggle = new(0.0019, "MP-Rec (ASPLOS 2023), abstract, of models trained on Criteo Kaggle");

    /// <summary>Between the two: the paper places hashing between tables and both together.</summary>
    private static readonly QualityPrior DheOnKaggle = new(0.0015, "assumed to lie between tables and both together, as MP-Rec (ASPLOS 2023) orders them");

    /// <summary>Null where nothing is known of the kind: any but DLRM on Criteo Kaggle with its accuracy.</summary>
    public static QualityPrior? Of(ModelCard card, string kind)
    {
        ArgumentNullException.ThrowIfNull(card);
        return card is not { Name: "dlrm", Quality.Metric: "accuracy" } ? null
            : kind switch
            {
                "hybrid" => HybridOnKaggle,
                "dhe" or "materialized" => DheOnKaggle,
                _ => null,
            };
    }
}
