using Rectune.Core.Domain;

namespace Rectune.Engine.Data;

/// <summary>Samples ready to be scored, shared by everything that sends queries, and the skew that their ids have.</summary>
public sealed record CandidatePool
{
    public required FeatureBatch Features { get; init; }

    public required IndexSkew Skew { get; init; }

    /// <summary>The ids that are used most; null where they are not known.</summary>
    public PopularIds? Popular { get; init; }

    /// <summary>Replays a Criteo click log; see <see cref="ClickLogCandidates"/>.</summary>
    /// <exception cref="MissingResourceException">The file is absent or may not be read.</exception>
    /// <exception cref="InvalidInputException">The file is malformed, or the model takes other features than a click log has.</exception>
    public static CandidatePool FromClickLog(
        ModelCard card, string path, int keepRows = ClickLogCandidates.DefaultKeptRows, CancellationToken cancellation = default) =>
        InputFile.Read(path, "click log", (stream, name) => ClickLogCandidates.Read(card, stream, name, keepRows, cancellation));

    /// <summary>Draws samples whose ids are used as unevenly as those of a trace; see <see cref="SyntheticCandidates"/>.</summary>
    /// <param name="samples">Null takes <see cref="SyntheticCandidates.DefaultSamples"/>.</param>
    public static CandidatePool FromTrace(ModelCard card, AccessTrace trace, ulong seed, int threads, int? samples = null)
    {
        ArgumentNullException.ThrowIfNull(trace);
        return SyntheticCandidates.Draw(card, trace.Skew, seed, threads, samples ?? SyntheticCandidates.DefaultSamples(card), trace.Ranks);
    }

    /// <summary>Draws samples; see <see cref="SyntheticCandidates"/>.</summary>
    /// <param name="samples">Null takes <see cref="SyntheticCandidates.DefaultSamples"/>.</param>
    public static CandidatePool Synthetic(ModelCard card, IndexSkew skew, ulong seed, int threads, int? samples = null) =>
        SyntheticCandidates.Draw(card, skew, seed, threads, samples ?? SyntheticCandidates.DefaultSamples(card));
}
