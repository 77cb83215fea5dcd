using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rectune.Engine.Serving.Http;
using Rectune.Tests.Fakes;
using Xunit;

namespace Rectune.Tests.Serving.Http;

/// <summary>The live page in a real browser, with nothing to be reached but the server.</summary>
public sealed class LivePageBrowserTests
{
    private const int Queries = 40;

    /// <summary>Of the page's own time: it asks for figures at once and each second.</summary>
    private static readonly TimeSpan Looked = TimeSpan.FromSeconds(2.5);

    [Fact]
    public async Task Page_AfterQueries_ShowsTheirFiguresAndNoScriptFails()
    {
        Chromium.Require();
        await using var running = await BusyAsync();
        using var live = JsonDocument.Parse(await running.GetStringAsync("/v2/live"));

        var (document, console) = await Chromium.DocumentAsync(running.Server.Addresses[0], Looked);

        Assert.Empty(console);
        Assert.Equal("small version 1", Shown(document, "model"));
        Assert.Equal("ready", Shown(document, "state"));
        Assert.Contains("p0", Shown(document, "path"), StringComparison.Ordinal);
        Assert.Equal("40.0 /s", Shown(document, "load"));
        Assert.Equal("40.0 /s", Shown(document, "goodput"));
        var p50 = live.RootElement.GetProperty("latency")[0].GetProperty("ms").GetDouble();
        Assert.InRange(p50, 5, 5.05);
        Assert.Equal($"{p50.ToString("F2", CultureInfo.InvariantCulture)} ms", Shown(document, "p50"));
        Assert.Equal("promised: p99 within 20 ms", Shown(document, "p99-note"));
        Assert.Matches("""<polyline id="rate-first" class="first" points="[0-9., ]+">""", document);
    }

    [Fact]
    public async Task Page_Screenshot_HasTheAskedSizeAndIsNotBlank()
    {
        Chromium.Require();
        await using var running = await BusyAsync();

        var picture = await Chromium.ScreenshotAsync(running.Server.Addresses[0], Looked, 1000, 800);

        // PNG, third edition: 8 bytes of signature, then chunks of length, name, content and checksum; the first is the header (https://www.w3.org/TR/png-3/).
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10], picture[..8]);
        Assert.Equal((1000, 800), (BinaryPrimitives.ReadInt32BigEndian(picture.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(picture.AsSpan(20))));

        // A row that is like the one above it is all zeros after its filter: text and frames are not.
        var rows = Rows(picture, 800);
        Assert.InRange(rows.Count(row => row[1..].AsSpan().ContainsAnyExcept((byte)0)), 200, 800);
    }

    /// <summary>A server that has answered so many queries, each after five milliseconds, in its last full second.</summary>
    private static async Task<RunningServer> BusyAsync()
    {
        var clock = StillClock.AtNewYear();
        var running = await RunningServer.StartAsync(change: options => options with { Clock = clock, Plan = new ServedPlan(RunningServer.Promise) });
        running.Target.Uses = [Uses.Of(2 * Queries), Uses.Of(0)];
        for (var i = 1; i <= Queries; i++)
        {
            running.Target.Hold();
            var asked = running.InferAsync(SmallRequests.Valid);
            await RunningServer.UntilAsync(() => running.Target.Accepted == i);
            clock.Advance(0.005);
            running.Target.Release();
            using var answer = await asked;
            await running.CountedAsync(i, QueryOutcome.Answered);
        }

        clock.Advance(1);
        return running;
    }

    /// <summary>Text of an element of the document.</summary>
    private static string Shown(string document, string id)
    {
        var found = Regex.Match(document, $"<[a-z0-9]+[^>]* id=\"{id}\"[^>]*>([^<]*)<|<[a-z0-9]+ id=\"{id}\"[^>]*>([^<]*)<");
        Assert.True(found.Success, $"nothing has the id {id}");
        return found.Groups[1].Value + found.Groups[2].Value;
    }

    /// <summary>The picture's rows as they are stored: a byte that names the filter, then what it left.</summary>
    private static byte[][] Rows(byte[] picture, int height)
    {
        using var packed = new MemoryStream();
        for (var at = 8; at < picture.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(picture.AsSpan(at));
            if (picture.AsSpan(at + 4, 4).SequenceEqual("IDAT"u8))
            {
                packed.Write(picture.AsSpan(at + 8, length));
            }

            at += length + 12;
        }

        packed.Position = 0;
        using var unpacked = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionMode.Decompress))
        {
            zlib.CopyTo(unpacked);
        }

        return [.. unpacked.ToArray().Chunk((int)(unpacked.Length / height))];
    }
}
