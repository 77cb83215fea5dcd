using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using Rectune.Core.Workloads;
using Rectune.Engine.Data;
using Rectune.Engine.Load.Http;

namespace Rectune.Benchmarks.Serving;

/// <summary>The same few queries to every server, for their scores.</summary>
internal sealed class ScoreQuestions : IDisposable
{
    private const string JsonLength = "Inference-Header-Content-Length";

    /// <summary>A query may be refused while a server is still warming up.</summary>
    private const int Tries = 10;

    /// <summary>Samples of each query; with odd ones, elements of eight bytes are not aligned in every request.</summary>
    private static readonly int[] Sizes = [1, 3, 64, 257, 16, 128, 999, 2];

    private readonly ComparedModel model;
    private readonly CandidatePool candidates;
    private readonly HttpClient client = new(new SocketsHttpHandler { UseProxy = false });

    public ScoreQuestions(ComparedModel model)
    {
        this.model = model;
        var skew = SkewText.Of(model.Card.Skew.ZipfExponent, model.Card.Skew.Source);
        candidates = CandidatePool.Synthetic(model.Card, skew, ComparedModel.Seed, Environment.ProcessorCount);
    }

    /// <summary>Scores of all queries, one after the other.</summary>
    /// <param name="atOnce">Queries under way at once: several make a server that batches batch them.</param>
    public float[] Ask(ServerProcess server, int atOnce)
    {
        var address = ServerAddress.Find(server.Address, CancellationToken.None);
        var served = ModelDiscovery.Find(address, model.Card.Name, CancellationToken.None);
        var values = CandidateValues.Of(model.Card, candidates.Features, served);
        var url = new Uri(address.Root, $"v2/models/{Uri.EscapeDataString(served.Name)}/infer");
        var bodies = Sizes.Select((size, i) => InferRequestWriter.Write(served, values, start: 1000 * i, size, TensorEncoding.Binary));
        return [.. bodies.Chunk(atOnce).SelectMany(chunk => Task.WhenAll(chunk.Select(body => Ask(url, body.Body, body.JsonBytes!.Value))).GetAwaiter().GetResult()).SelectMany(scores => scores)];
    }

    /// <summary>As many at once as there are.</summary>
    public float[] AskTogether(ServerProcess server) => Ask(server, Sizes.Length);

    public static double LargestDifference(float[] scores, float[] others) => scores.Length == others.Length && scores.All(float.IsFinite)
        ? scores.Zip(others, (a, b) => Math.Abs((double)a - b)).Max()
        : throw new InvalidOperationException($"{scores.Length} scores against {others.Length}, or some that are no numbers");

    public void Dispose() => client.Dispose();

    private async Task<float[]> Ask(Uri url, byte[] body, int jsonBytes)
    {
        for (var left = Tries - 1; ; left--)
        {
            using var content = new ByteArrayContent(body);
            content.Headers.Add(JsonLength, jsonBytes.ToString(CultureInfo.InvariantCulture));
            using var response = await client.PostAsync(url, content);
            var answer = await response.Content.ReadAsByteArrayAsync();
            if (response.StatusCode == HttpStatusCode.OK)
            {
                var json = int.Parse(response.Headers.GetValues(JsonLength).Single(), CultureInfo.InvariantCulture);
                return MemoryMarshal.Cast<byte, float>(answer.AsSpan(json)).ToArray();
            }

            if (response.StatusCode != HttpStatusCode.ServiceUnavailable || left == 0)
            {
                throw new InvalidOperationException($"{url} was answered with status {(int)response.StatusCode}: {System.Text.Encoding.UTF8.GetString(answer)}");
            }
        }
    }
}
