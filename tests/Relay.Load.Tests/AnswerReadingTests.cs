using System.Globalization;
using System.Text;
using Relay.Load.Http;

namespace Relay.Load.Tests;

/// <summary>The driver reads answers right under any split of their bytes: a driver that miscounts would judge every server wrongly.</summary>
public class AnswerReadingTests
{
    private const string Role = """data: {"choices":[{"delta":{"role":"assistant","content":""}}]}""" + "\n\n";
    private const string Word = """data: {"choices":[{"delta":{"content":"a \"b\" "}}]}""" + "\n\n";
    private const string Finish = """data: {"choices":[{"delta":{},"finish_reason":"stop"}]}""" + "\n\n";
    private const string Done = "data: [DONE]\n\n";

    [Fact]
    public void ChunkedStream_UnderEverySplit_IsCountedOnce()
    {
        var body = Encoding.UTF8.GetBytes(": warm\n\n" + Role + Word + Word + Word + Finish + Done);
        var wire = Chunked(body, chunk: 37);
        for (var split = 1; split < wire.Length; split++)
        {
            var gauge = new SseGauge();
            var count = new BodyCount(new(200, -1, Chunked: true, Close: false, EventStream: true), gauge);
            for (var at = 0; at < wire.Length; at += split)
            {
                Assert.False(count.IsDone);
                count.Take(wire.AsSpan(at, Math.Min(split, wire.Length - at)), now: 1 + at);
            }

            Assert.True(count.IsDone);
            Assert.Equal((body.Length, 5, 3, true), ((int)count.Bytes, gauge.Events, gauge.Deltas, gauge.Done));
        }
    }

    [Fact]
    public void FirstTextAndGaps_SkipTheRoleAndWhatCameTogether()
    {
        var gauge = new SseGauge();
        gauge.Feed(Encoding.UTF8.GetBytes(Role), Clock.Ticks(TimeSpan.FromMilliseconds(1)));
        gauge.Feed(Encoding.UTF8.GetBytes(Word + Word), Clock.Ticks(TimeSpan.FromMilliseconds(5)));
        gauge.Feed(Encoding.UTF8.GetBytes(Word), Clock.Ticks(TimeSpan.FromMilliseconds(12)));
        Assert.Equal(Clock.Ticks(TimeSpan.FromMilliseconds(5)), gauge.FirstAt);
        Assert.Equal([7_000], gauge.Gaps.ToArray());
    }

    [Fact]
    public void ErrorEvent_IsCounted()
    {
        var gauge = new SseGauge();
        gauge.Feed("data: {\"error\":{\"message\":\"no\"}}\n\n"u8, 1);
        Assert.Equal((1, 0), (gauge.Errors, gauge.Deltas));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\ncontent-length: 12\r\n\r\n", 200, 12, false, false, false)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\ncontent-type: text/event-stream; charset=utf-8\r\n\r\n", 200, -1, true, false, true)]
    [InlineData("HTTP/1.1 503 No\r\nConnection: close\r\nContent-Length: 0\r\nX: y\r\n\r\n", 503, 0, false, true, false)]
    public void Head_IsRead(string text, int status, long length, bool chunked, bool close, bool events)
    {
        Assert.True(ResponseHead.TryRead(Encoding.ASCII.GetBytes(text + "body"), out var head, out var end));
        Assert.Equal(new ResponseHead(status, length, chunked, close, events), head);
        Assert.Equal(text.Length, end);
    }

    [Fact]
    public void RetryAfter_IsRead()
    {
        Assert.True(ResponseHead.TryRead("HTTP/1.1 503 No\r\nRetry-After: 17\r\nContent-Length: 0\r\n\r\n"u8, out var head, out _));
        Assert.Equal((503, 17), (head.Status, head.RetryAfter));
    }

    [Fact]
    public void HalfAHead_IsNotRead() => Assert.False(ResponseHead.TryRead("HTTP/1.1 200 OK\r\nContent-Len"u8, out _, out _));

    [Fact]
    public void BrokenChunks_AreRefused() => Assert.Throws<InvalidDataException>(static () =>
    {
        ReadOnlySpan<byte> wire = "zz\r\n"u8;
        new ChunkedDecoder().Next(ref wire);
    });

    private static byte[] Chunked(byte[] body, int chunk)
    {
        var wire = new StringBuilder();
        foreach (var piece in body.Chunk(chunk))
        {
            wire.Append(CultureInfo.InvariantCulture, $"{piece.Length:X}\r\n").Append(Encoding.UTF8.GetString(piece)).Append("\r\n");
        }

        return Encoding.UTF8.GetBytes(wire.Append("0\r\nx-trailer: 1\r\n\r\n").ToString());
    }
}
