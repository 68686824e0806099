using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Relay.Gateway.Streaming;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Streaming;

public sealed class SseFramerTests
{
    private static readonly Gen<string> LineEnd = Gen.Elements("\n", "\r\n", "\r");

    private static readonly Gen<string> Line = Gen.Elements(
        "data: {}", "data:x", "data", "data:", "data: ", "data:  two", "data: é✓", "data : no", "datax: no",
        ": comment", ":", "event: ping", "id: 7", "retry: 10", "nonsense", "\uFEFFdata: late mark", " data: no");

    private static readonly Gen<string> StreamText =
        from mark in Gen.Elements("", "", "", "\uFEFF")
        from lines in Gen.Frequency((5, Line), (3, Gen.Constant(""))).ArrayOf()
        from ends in LineEnd.ArrayOf(lines.Length)
        from tail in Gen.Elements("", "", "data: cut", "da")
        select mark + string.Concat(lines.Zip(ends, (line, end) => line + end)) + tail;

    [Fact]
    public void AnyStream_WithAnyOneSplit_GivesTheEventsOfTheReference() =>
        Invariant.Holds(StreamText, text =>
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            var expected = ReferenceSse.Parse(bytes);
            for (var split = 0; split <= bytes.Length; split++)
            {
                Assert.Equal(expected, Events(bytes, split));
            }
        }, tests: 400);

    [Fact]
    public void SmallStream_WithAnyTwoSplits_GivesTheEventsOfTheReference() =>
        Invariant.Holds(StreamText.Where(t => t.Length <= 48), text =>
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            var expected = ReferenceSse.Parse(bytes);
            for (var first = 0; first <= bytes.Length; first++)
            {
                for (var second = first; second <= bytes.Length; second++)
                {
                    Assert.Equal(expected, Events(bytes, first, second));
                }
            }
        }, tests: 150);

    [Fact]
    public void AnyStream_ByteByByteWithTheBufferDroppedAfterEachEvent_GivesTheEventsOfTheReference() =>
        Invariant.Holds(StreamText, text =>
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            Assert.Equal(ReferenceSse.Parse(bytes), Events(bytes, [.. Enumerable.Range(1, bytes.Length)]));
        }, tests: 1000);

    [Fact]
    public void RawBytesOfAllEvents_AreTheWholeStreamUpToTheUnfinishedEvent() =>
        Invariant.Holds(StreamText, text =>
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            var framer = default(SseFramer);
            var next = text.StartsWith('\uFEFF') ? 3 : 0;
            while (framer.TryRead(bytes, out var found))
            {
                Assert.Equal(next, found.Raw.Start.Value);
                next = found.Raw.End.Value;
            }

            Assert.Equal(bytes.Length < next + 1 ? framer.Consumed : next, framer.Consumed);
        }, tests: 400);

    /// <summary>Feeds the bytes up to each split in turn, dropping what was consumed as the relay does.</summary>
    private static List<string> Events(byte[] bytes, params int[] splits)
    {
        var framer = default(SseFramer);
        var events = new List<string>();
        var dropped = 0;
        foreach (var end in (int[])[.. splits, bytes.Length])
        {
            var buffer = bytes.AsSpan(dropped, end - dropped);
            while (framer.TryRead(buffer, out var found))
            {
                if (found.DataLines > 0)
                {
                    events.Add(Encoding.UTF8.GetString(SseFramer.JoinData(buffer, found)));
                }
            }

            dropped += framer.Consumed;
            framer.Rebase();
        }

        return events;
    }
}
