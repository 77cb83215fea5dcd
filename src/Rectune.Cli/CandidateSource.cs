using Rectune.Core.Domain;
using Rectune.Core.Workloads;
using Rectune.Engine.Data;

namespace Rectune.Cli;

/// <summary>Candidates that queries are made of: rows of a click log, or ids drawn with a skew.</summary>
internal static class CandidateSource
{
    /// <param name="card">The model.</param>
    /// <param name="dataFile">A click log in Criteo format; null draws synthetic candidates.</param>
    /// <param name="asked">Skew of synthetic candidates; null takes the card's.</param>
    /// <param name="seed">Seed of synthetic candidates.</param>
    /// <param name="cancellation">Ends the reading of a long file.</param>
    /// <returns>The candidates, those that are drawn when they are first asked for, and their skew.</returns>
    public static (Lazy<CandidatePool> Pool, IndexSkew Skew) Open(ModelCard card, string? dataFile, IndexSkew? asked, ulong seed, CancellationToken cancellation)
    {
        if (dataFile is not null)
        {
            var clicks = CandidatePool.FromClickLog(card, dataFile, cancellation: cancellation);
            return (new Lazy<CandidatePool>(clicks), clicks.Skew with { DataFile = dataFile });
        }

        var skew = asked ?? SkewText.Of(card.Skew.ZipfExponent, card.Skew.Source);
        return skew.Kind == SkewKind.Trace
            ? FromTrace(card, skew.DataFile!, seed, samples: null, cancellation)
            : (new Lazy<CandidatePool>(() => CandidatePool.Synthetic(card, skew, seed, Environment.ProcessorCount)), skew);
    }

    /// <summary>The candidates of a plan, checked to be the ones it was made with.</summary>
    /// <param name="samples">Candidates drawn, where they are; null draws as many as planning does.</param>
    public static CandidatePool Reopen(Plan plan, string? dataFile, int? samples, CancellationToken cancellation) =>
        Reopen(plan.Model.Card, plan.Workload.Skew, plan.Seed, dataFile, samples, cancellation);

    /// <summary>Candidates that were used before, checked to be the same.</summary>
    public static CandidatePool Reopen(ModelCard card, IndexSkew skew, ulong seed, string? dataFile, int? samples, CancellationToken cancellation)
    {
        if (skew.Kind is not (SkewKind.Data or SkewKind.Trace))
        {
            return dataFile is null
                ? CandidatePool.Synthetic(card, skew, seed, Environment.ProcessorCount, samples)
                : throw new InvalidInputException("--data", "the plan was made without data or trace", "plan again with --data or --skew trace:FILE, or leave it out here");
        }

        var file = dataFile ?? skew.DataFile ?? throw new InvalidInputException("--data", "the plan names a data hash but no file", "name the plan's data or trace with --data");
        var (pool, found) = skew.Kind == SkewKind.Data
            ? Open(card, file, asked: null, seed, cancellation)
            : FromTrace(card, file, seed, samples, cancellation);
        return found.DataSha256 == skew.DataSha256
            ? pool.Value
            : throw new InvalidInputException(
                dataFile is null ? file : $"--data {file}",
                $"found a file with SHA-256 {found.DataSha256}, the plan was made with {skew.DataSha256}",
                "name the plan's own file with --data, or plan again");
    }

    private static (Lazy<CandidatePool> Pool, IndexSkew Skew) FromTrace(ModelCard card, string file, ulong seed, int? samples, CancellationToken cancellation)
    {
        var drawn = CandidatePool.FromTrace(card, AccessTrace.Open(file, cancellation), seed, Environment.ProcessorCount, samples);
        return (new Lazy<CandidatePool>(drawn), drawn.Skew with { DataFile = file });
    }
}
