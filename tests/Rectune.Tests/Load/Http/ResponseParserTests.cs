using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Rectune.Core.Numerics;
using Rectune.Engine.Load.Http;
using Xunit;

namespace Rectune.Tests.Load.Http;

public sealed class ResponseParserTests
{
    private const string Chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nInference-Header-Content-Length: 3\r\n\r\n3;note=x\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n";

    private static readonly Config Seeded = Config.QuickThrowOnFailure.WithReplay(20261101, 1).WithMaxTest(500);

    public static TheoryData<string, int, string, bool> Responses => new()
    {
        { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", true },
        { "HTTP/1.1 503 Service Unavailable\r\ncontent-length:0\r\nRetry-After: 1\r\n\r\n", 503, "", true },
        { "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nCONTENT-LENGTH:  2 \r\n\r\nok", 200, "ok", true },
        { "HTTP/1.1 200\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx", 200, "x", false },
        { "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", 200, "x", false },
        { "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 1\r\n\r\nx", 200, "x", true },
        { "HTTP/1.1 204 No Content\r\n\r\n", 204, "", true },
        { "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", 200, "ok", true },
        { Chunked, 200, "abc0123456789", true },
    };

    [Theory]
    [MemberData(nameof(Responses))]
    public void Feed_SplitAtEveryByte_ReadsTheSame(string response, int status, string body, bool keepAlive)
    {
        var bytes = Encoding.ASCII.GetBytes(response);
        for (var split = 0; split <= bytes.Length; split++)
        {
            var parser = Begun();
            Assert.Equal(split, parser.Feed(bytes.AsSpan(0, split)));
            Assert.True(split == bytes.Length || !parser.IsComplete, $"complete after {split} of {bytes.Length} bytes");
            Assert.Equal(bytes.Length - split, parser.Feed(bytes.AsSpan(split)));
            Assert.True(parser.IsComplete, $"split at {split}");
            Assert.Equal((status, body, keepAlive), (parser.Status, Encoding.ASCII.GetString(parser.Body), parser.KeepAlive));
        }
    }

    [Fact]
    public void Feed_Chunked_TellsTheLengthOfTheJsonPart()
    {
        var parser = Begun();
        parser.Feed(Encoding.ASCII.GetBytes(Chunked));
        Assert.Equal(3, parser.JsonBytes);
    }

    [Fact]
    public void TryEnd_BodyWithoutLength_EndsWithTheConnection()
    {
        var parser = Begun();
        parser.Feed("HTTP/1.1 200 OK\r\n\r\nall of it"u8);
        Assert.False(parser.IsComplete);
        Assert.True(parser.TryEnd());
        Assert.True(parser.IsComplete);
        Assert.False(parser.KeepAlive);
        Assert.Equal("all of it"u8, parser.Body);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell")]
    [InlineData("HTTP/1.1 200 OK\r\n")]
    [InlineData("")]
    public void TryEnd_InTheMiddle_IsNoEnd(string part)
    {
        var parser = Begun();
        parser.Feed(Encoding.ASCII.GetBytes(part));
        Assert.False(parser.TryEnd());
        Assert.False(parser.IsComplete);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH\r\n")]
    [InlineData("HTTP/2 200\r\n")]
    [InlineData("HTTP/1.1 2x0 OK\r\n")]
    [InlineData("HTTP/1.1 099 OK\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n")]
    public void Feed_NoResponse_IsMalformed(string text)
    {
        var parser = Begun();
        parser.Feed(Encoding.ASCII.GetBytes(text));
        Assert.True(parser.IsMalformed);
        Assert.False(parser.IsComplete);
    }

    [Fact]
    public void Feed_EndlessLine_IsMalformed()
    {
        var parser = Begun();
        var piece = new byte[1000];
        Array.Fill(piece, (byte)'a');
        for (var i = 0; i < 6; i++)
        {
            parser.Feed(piece);
        }

        Assert.True(parser.IsMalformed);
    }

    /// <summary>Oracle: the responses that the stream was written from.</summary>
    [Fact]
    public void Feed_StreamOfResponsesInRandomPieces_ReadsEachOfThem() => Prop.ForAll(Gen.Choose(1, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = SplitMix64.For((ulong)seed, purpose: 1);
        var expected = new List<(int Status, string Body)>();
        var stream = new List<byte>();
        for (var i = random.NextInt64(5) + 1; i > 0; i--)
        {
            expected.Add(Write(stream, ref random));
        }

        var found = new List<(int Status, string Body)>();
        var parser = Begun();
        var bytes = stream.ToArray();
        var at = 0;
        while (at < bytes.Length)
        {
            var piece = (int)Math.Min(1 + random.NextInt64(30), bytes.Length - at);
            at += parser.Feed(bytes.AsSpan(at, piece));
            if (parser.IsMalformed)
            {
                return false;
            }

            if (parser.IsComplete)
            {
                found.Add((parser.Status, Encoding.ASCII.GetString(parser.Body)));
                parser.Begin(keepBody: true);
            }
        }

        return expected.SequenceEqual(found);
    }).Check(Seeded);

    private static (int Status, string Body) Write(List<byte> stream, ref SplitMix64 random)
    {
        int[] statuses = [200, 429, 500, 503];
        var status = statuses[random.NextInt64(statuses.Length)];
        var letters = new char[random.NextInt64(40)];
        foreach (ref var letter in letters.AsSpan())
        {
            letter = (char)(' ' + random.NextInt64(90));
        }

        var body = new string(letters);
        if (random.NextInt64(4) == 0)
        {
            stream.AddRange("HTTP/1.1 102 Processing\r\nX: y\r\n\r\n"u8);
        }

        stream.AddRange(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Reason\r\nDate: now\r\n"));
        if (random.NextInt64(2) == 0)
        {
            stream.AddRange(Encoding.ASCII.GetBytes($"Content-Length: {body.Length}\r\n\r\n{body}"));
            return (status, body);
        }

        stream.AddRange("Transfer-Encoding: chunked\r\n\r\n"u8);
        for (var at = 0; at < body.Length;)
        {
            var length = (int)Math.Min(1 + random.NextInt64(20), body.Length - at);
            stream.AddRange(Encoding.ASCII.GetBytes($"{length:x}\r\n{body.Substring(at, length)}\r\n"));
            at += length;
        }

        stream.AddRange("0\r\n\r\n"u8);
        return (status, body);
    }

    private static ResponseParser Begun()
    {
        var parser = new ResponseParser();
        parser.Begin(keepBody: true);
        return parser;
    }
}
