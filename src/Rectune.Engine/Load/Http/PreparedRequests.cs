using System.Globalization;
using System.Text;
using Rectune.Core.Domain;
using Rectune.Core.Numerics;
using Rectune.Core.Workloads;

namespace Rectune.Engine.Load.Http;

/// <summary>
/// Every request that a load sends, written in advance: as many as <see cref="MostBytes"/> allow, from <see cref="Fewest"/> to <see cref="Most"/>, whose sizes are evenly
/// spread quantiles of the workload's. Schedules are drawn from exactly these sizes; among requests of one size the schedule's candidates choose.
/// </summary>
public sealed class PreparedRequests
{
    /// <summary>Enough that sizes are close to the workload's everywhere (the largest 0.1 % excepted) and candidates seldom repeat within a cache's memory.</summary>
    public const int Most = 1024;

    public const int Fewest = 16;

    /// <summary>Memory that requests may take beyond the fewest.</summary>
    public const long MostBytes = 256L << 20;

    /// <summary>Sizes drawn for each request, so that quantiles of the draws are close to the workload's own.</summary>
    private const int DrawsEach = 64;

    /// <summary>Bytes of a number in JSON with its comma, roughly.</summary>
    private const int TextBytes = 12;

    /// <summary>What chooses among requests of one size has this many values.</summary>
    private const int Choices = 1 << 20;

    private const ulong SizePurpose = 0x426F6479;
    private const ulong StartPurpose = 0x426F647953;

    /// <summary>Complete requests, ascending by size.</summary>
    private readonly PreparedRequest[] prepared;

    /// <summary><c>[largest size + 2]</c>: requests of size s begin here.</summary>
    private readonly int[] first;

    private PreparedRequests(PreparedRequest[] prepared, int[] sizes, string name)
    {
        this.prepared = prepared;
        first = new int[sizes[^1] + 2];
        foreach (var size in sizes)
        {
            first[size + 1]++;
        }

        for (var size = 1; size < first.Length; size++)
        {
            first[size] += first[size - 1];
        }

        Sizes = new EmpiricalSizes(name, [.. sizes.CountBy(size => size).Select(size => new SizeCount { Samples = size.Key, Count = size.Value })]);
        Pool = new FeatureBatch(Choices + sizes[^1], [], []);
        Smallest = sizes[0];
        LargestBytes = prepared.Max(request => request.Message.Length);
    }

    public int Count => prepared.Length;

    /// <summary>Samples of the smallest request.</summary>
    public int Smallest { get; }

    /// <summary>Of the longest request, bytes.</summary>
    public int LargestBytes { get; }

    /// <summary>The sizes that schedules must be drawn from.</summary>
    public IQuerySizes Sizes { get; }

    /// <summary>What a generator takes slices of: no candidates, only the choice among requests of one size.</summary>
    public FeatureBatch Pool { get; }

    /// <summary>Writes the requests.</summary>
    /// <param name="address">The server.</param>
    /// <param name="model">What it serves.</param>
    /// <param name="values">What requests are filled with.</param>
    /// <param name="sizes">The workload's sizes.</param>
    /// <param name="encoding">How tensors are carried.</param>
    /// <param name="seed">Seed of sizes and candidates.</param>
    /// <param name="qualityMin">Least quality that each asks for; null for none.</param>
    /// <exception cref="InvalidInputException">The server or the candidates allow no queries as large as the workload's.</exception>
    public static PreparedRequests Write(ServerAddress address, ServedModel model, IQueryValues values, IQuerySizes sizes, TensorEncoding encoding, ulong seed, double? qualityMin = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(sizes);
        if (sizes.Maximum > (model.MaxSamples ?? int.MaxValue) || values.Starts(sizes.Maximum) < 1)
        {
            throw new InvalidInputException(
                "--workload",
                $"found {sizes.Name} with queries of up to {sizes.Maximum} samples, expected at most {model.MaxSamples ?? values.Starts(1)}, which is what {(model.MaxSamples is null ? "there are candidates for" : "the server takes")}",
                "choose smaller sizes, such as fixed:64");
        }

        var sampleBytes = model.Inputs.Sum(input => (long)input.Width * (encoding == TensorEncoding.Json ? TextBytes : ElementKinds.Bytes(input.Kind)));
        var count = (int)Math.Clamp(MostBytes / (sampleBytes * sizes.MeanSamples), Fewest, Most);
        var spread = Quantiles(sizes, count, seed);
        var random = SplitMix64.For(seed, StartPurpose);
        var written = new PreparedRequest[count];
        for (var i = 0; i < count; i++)
        {
            var start = (int)random.NextInt64(values.Starts(spread[i]));
            written[i] = Message(address, model, InferRequestWriter.Write(model, values, start, spread[i], encoding, qualityMin));
        }

        return new PreparedRequests(written, spread, sizes.Name);
    }

    /// <summary>A request of a size that <see cref="Sizes"/> has, as HTTP/1.1 has it.</summary>
    public byte[] Of(int choice, int samples) => RequestOf(choice, samples).Message;

    internal PreparedRequest RequestOf(int choice, int samples)
    {
        var from = first[samples];
        return prepared[from + (choice % (first[samples + 1] - from))];
    }

    private static int[] Quantiles(IQuerySizes sizes, int count, ulong seed)
    {
        var random = SplitMix64.For(seed, SizePurpose);
        var draws = new int[count * DrawsEach];
        foreach (ref var draw in draws.AsSpan())
        {
            draw = sizes.Next(ref random);
        }

        Array.Sort(draws);
        return [.. Enumerable.Range(0, count).Select(i => draws[(i * DrawsEach) + (DrawsEach / 2)])];
    }

    private static PreparedRequest Message(ServerAddress address, ServedModel model, (byte[] Body, int? JsonBytes) request)
    {
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"POST {address.Path}v2/models/{Uri.EscapeDataString(model.Name)}/infer HTTP/1.1\r\nHost: {address.Host}\r\n");
        head.Append("User-Agent: rectune\r\n");
        if (address.Access.Authorization is { } authorization)
        {
            head.Append(CultureInfo.InvariantCulture, $"Authorization: {authorization}\r\n");
        }

        head.Append(CultureInfo.InvariantCulture, $"Content-Type: {(request.JsonBytes is null ? "application/json" : "application/octet-stream")}\r\n");
        if (request.JsonBytes is { } jsonBytes)
        {
            head.Append(CultureInfo.InvariantCulture, $"Inference-Header-Content-Length: {jsonBytes}\r\n");
        }

        head.Append(CultureInfo.InvariantCulture, $"Content-Length: {request.Body.Length}\r\n\r\n");
        var bytes = Encoding.ASCII.GetBytes(head.ToString());
        return new PreparedRequest([.. bytes, .. request.Body], bytes.Length, request.JsonBytes);
    }
}
