using Rectune.Core.Domain;
using Rectune.Engine.Kernels;
using Rectune.Engine.Sessions;

namespace Rectune.Benchmarks.Dhe;

/// <summary>As paths decode on several threads: features are shared out, each part a graph of its own that one thread hashes for and runs.</summary>
internal sealed class SharedOutDecoders : IDecoderForm
{
    private readonly DecoderWorkload workload;
    private readonly ThreadTeam team;
    private readonly GraphSession[] sessions;
    private readonly (int Session, int Output)[] placeOf;
    private readonly int[][] featuresOf;
    private readonly Pieces encoding;
    private readonly Pieces decoding;

    public SharedOutDecoders(DecoderWorkload workload, int threads)
    {
        this.workload = workload;
        team = new ThreadTeam(threads);
        var parts = workload.Group.Split(GroupDecoding.PartsPerThread * threads);
        sessions = [.. parts.Select(part => workload.Graphs.LoadDecoder(workload.Design, part, DecoderWorkload.Batch, InstanceSetup.Caller))];
        placeOf = [.. parts.SelectMany((part, session) => part.Slots.Select((_, output) => (session, output)))];
        featuresOf = [.. sessions.Select((_, session) => Enumerable.Range(0, placeOf.Length).Where(feature => placeOf[feature].Session == session).ToArray())];
        encoding = new Pieces(Encode);
        decoding = new Pieces(session => sessions[session].Run(DecoderWorkload.Batch));
    }

    public string Name => "a chain a feature, features over threads";

    public void Encode() => team.Run(encoding, sessions.Length);

    public void Decode() => team.Run(decoding, sessions.Length);

    public ReadOnlySpan<float> Vectors(int feature) => sessions[placeOf[feature].Session].Output(placeOf[feature].Output);

    public void Dispose()
    {
        Array.ForEach(sessions, session => session.Dispose());
        team.Dispose();
    }

    private void Encode(int session)
    {
        foreach (var feature in featuresOf[session])
        {
            workload.Encode(feature, sessions[session].Input(placeOf[feature].Output));
        }
    }

    private sealed class Pieces(Action<int> run) : IPieceWork
    {
        public void RunPiece(int piece) => run(piece);
    }
}
