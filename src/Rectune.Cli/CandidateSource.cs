using Rectune.Core.Domain;
using Rectune.Engine.Data;

namespace Rectune.Cli;

/// <summary>Candidates that queries are made of: rows of a click log, or ids drawn with the card's skew.</summary>
internal static class CandidateSource
{
    /// <param name="card">The model.</param>
    /// <param name="dataFile">A click log in Criteo format; null draws synthetic candidates.</param>
    /// <param name="seed">Seed of synthetic candidates.</param>
    /// <param name="cancellation">Ends the reading of a long log.</param>
    public static (FeatureBatch Pool, IndexSkew Skew) Open(ModelCard card, string? dataFile, ulong seed, CancellationToken cancellation)
    {
        if (dataFile is null)
        {
            var skew = card.Skew.ZipfExponent == 0
                ? new IndexSkew { Kind = SkewKind.Uniform, Source = card.Skew.Source }
                : new IndexSkew { Kind = SkewKind.Zipf, ZipfExponent = card.Skew.ZipfExponent, Source = card.Skew.Source };
            return (CandidatePool.Synthetic(card, skew, seed, Environment.ProcessorCount).Features, skew);
        }

        var clicks = CandidatePool.FromClickLog(card, dataFile, cancellation: cancellation);
        return (clicks.Features, clicks.Skew with { DataFile = dataFile });
    }

    /// <summary>The candidates of a plan, checked to be the ones it was made with.</summary>
    public static FeatureBatch Reopen(Plan plan, string? dataFile, CancellationToken cancellation)
    {
        var skew = plan.Workload.Skew;
        if (skew.Kind != SkewKind.Data)
        {
            return dataFile is null
                ? CandidatePool.Synthetic(plan.Model.Card, skew, plan.Seed, Environment.ProcessorCount).Features
                : throw new InvalidInputException("--data", "the plan was made without data", "plan again with --data, or leave it out here");
        }

        var file = dataFile ?? skew.DataFile ?? throw new InvalidInputException("--data", "the plan names a data hash but no file", "name the click log with --data");
        var (pool, found) = Open(plan.Model.Card, file, plan.Seed, cancellation);
        return found.DataSha256 == skew.DataSha256
            ? pool
            : throw new InvalidInputException(
                $"--data {file}", $"found a file with SHA-256 {found.DataSha256}, the plan was made with {skew.DataSha256}", "name the plan's own file, or plan again");
    }
}
