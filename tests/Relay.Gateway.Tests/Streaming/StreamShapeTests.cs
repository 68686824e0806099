using System.Text;
using Relay.Core.Errors;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Streaming;

/// <summary>The shapes of streams that providers really send.</summary>
public sealed class StreamShapeTests
{
    public static TheoryData<string, string> Deltas => new()
    {
        { "text", """{"content":"Hi"}""" },
        { "refusal", """{"refusal":"No."}""" },
        { "reasoning_content", """{"reasoning_content":"Hm"}""" },
        { "tool call", """{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"f","arguments":""}}]}""" },
        { "function call", """{"function_call":{"name":"f","arguments":""}}""" },
        { "audio", """{"audio":{"id":"audio_1","data":"AAAA"}}""" },
        { "a kind that does not exist yet", """{"hologram":{"x":1}}""" },
    };

    public static TheoryData<string, string> NoDeltas => new()
    {
        { "role", """{"role":"assistant"}""" },
        { "empty text", """{"role":"assistant","content":"","refusal":null}""" },
        { "empty lists", """{"tool_calls":[],"audio":{}}""" },
        { "nothing", "{}" },
    };

    [Theory]
    [MemberData(nameof(Deltas))]
    public async Task FirstGeneratedDeltaOfAnyKind_Commits(string kind, string delta)
    {
        // Committed: the break after it is told in band, and the fallback is not asked.
        await using var raw = await RawRig.StreamAsync(Sse.Role + Sse.Delta(delta), new() { Rescue = RigOptions.NoRescue });

        var chat = await raw.Rig.ChatAsync(stream: true);

        Assert.True(chat.Status == 200 && chat.Broken && !chat.Done, kind);
        Assert.Contains(delta, chat.Raw, StringComparison.Ordinal);
        Assert.Equal("truncated", chat.ErrorCode);
        Assert.Equal(0, raw.Rig.Primary.Log.Total);
    }

    [Theory]
    [MemberData(nameof(NoDeltas))]
    public async Task ChunkWithoutGeneratedOutput_DoesNotCommit(string kind, string delta)
    {
        await using var raw = await RawRig.StreamAsync(Sse.Role + Sse.Delta(delta) + ": a comment\n\n");

        var chat = await raw.Rig.ChatAsync(stream: true);

        Assert.True(chat is { Status: 200, Done: true, Broken: false }, kind);
        Assert.Equal(raw.Rig.Expected(), chat.Text);
        Assert.Equal("p1/gpt-sim", chat.Target);
        Assert.DoesNotContain("\"c1\"", chat.Raw, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HeldChunks_ComeBeforeTheFirstDeltaInTheirOrder()
    {
        var events = Sse.Role + Sse.Delta("{}") + Sse.Text("Hi") + Sse.Finish();
        await using var raw = await RawRig.StreamAsync(": hold on\n\n" + events + Sse.Usage + Sse.Done);

        var chat = await raw.Rig.ChatAsync(stream: true);

        Assert.Equal(events + Sse.Done, chat.Raw);
    }

    [Fact]
    public async Task CommentsAfterTheFirstDelta_PassThrough()
    {
        var events = Sse.Role + Sse.Text("Hi") + ": keep-alive\n\n" + "event: ping\n\n" + Sse.Finish();
        await using var raw = await RawRig.StreamAsync(events + Sse.Done);

        var chat = await raw.Rig.ChatAsync(stream: true);

        Assert.Equal(events + Sse.Done, chat.Raw);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public async Task AnyLineEnds_WrittenByteByByte_GiveTheSameEvents(string lineEnd)
    {
        var events = Sse.Role + ": c\n\n" + Sse.Text("é\ud83d\ude00") + "event: x\ndata: {\"choices\":\ndata: []}\n\n" + Sse.Finish() + Sse.Usage + Sse.Done;
        var bytes = Encoding.UTF8.GetBytes("\uFEFF" + events.Replace("\n", lineEnd, StringComparison.Ordinal));
        await using var raw = await RawRig.StartAsync(async call =>
        {
            await call.StartStreamAsync();
            for (var i = 0; i < bytes.Length; i++)
            {
                await call.WriteAsync(bytes.AsMemory(i, 1));
            }
        });

        var chat = await raw.Rig.ChatAsync(stream: true, extra: ""","stream_options":{"include_usage":true}""");

        Assert.Equal(ReferenceSse.Parse(bytes), ReferenceSse.Parse(chat.Bytes));
        Assert.Equal(ErrorKind.None, (await raw.Rig.Records.NextAsync()).Error);
    }

    [Theory]
    [InlineData("Content-Type: Text/Event-Stream\r\n")]
    [InlineData("Content-Type: text/event-stream;charset=UTF-8\r\n")]
    [InlineData("")]
    public async Task ContentTypeInAnyCaseOrNone_IsAStream(string contentType)
    {
        var events = Sse.Text("Hi") + Sse.Finish() + Sse.Done;
        await using var raw = await RawRig.StartAsync(call => call.WriteAsync($"HTTP/1.1 200 OK\r\n{contentType}Connection: close\r\n\r\n{events}"));

        Assert.Equal(events, (await raw.Rig.ChatAsync(stream: true)).Raw);
    }

    [Fact]
    public async Task MissingLastBlankLine_EndsTheLastEventAnyway()
    {
        await using var raw = await RawRig.StreamAsync((Sse.Role + Sse.Text("Hi") + Sse.Finish()).TrimEnd('\n'));

        var chat = await raw.Rig.ChatAsync(stream: true);

        Assert.Equal((Sse.Role + Sse.Text("Hi") + Sse.Finish() + Sse.Done).Replace("\n", "", StringComparison.Ordinal), chat.Raw.Replace("\n", "", StringComparison.Ordinal));
        Assert.True(chat.Done && !chat.Broken);
    }

    [Fact]
    public async Task AnswerWithoutAnyDelta_IsAnAnswer()
    {
        var events = Sse.Role + Sse.Finish(reason: "length");
        await using var raw = await RawRig.StreamAsync(events + Sse.Usage + Sse.Done);

        var chat = await raw.Rig.ChatAsync(stream: true);

        Assert.Equal(events + Sse.Done, chat.Raw);
        Assert.Equal(7, (await raw.Rig.Records.NextAsync()).Usage!.Value.TotalOutput);
    }

    [Fact]
    public async Task TwoChoicesOfWhichOneIsUnfinished_AreTruncated()
    {
        await using var raw = await RawRig.StreamAsync(Sse.Text("a") + Sse.Text("b", 1) + Sse.Finish() + Sse.Done);

        var chat = await raw.Rig.ChatAsync(stream: true, extra: ",\"n\":2");

        Assert.True(chat.Broken && !chat.Done);
        Assert.Equal("truncated", chat.ErrorCode);
        Assert.Equal(ErrorKind.Truncated, (await raw.Rig.Records.NextAsync()).Error);
    }

    [Fact]
    public async Task TwoFinishedChoices_AreWhole()
    {
        var events = Sse.Text("a") + Sse.Text("b", 1) + Sse.Finish() + Sse.Finish(1);
        await using var raw = await RawRig.StreamAsync(events + Sse.Done);

        var chat = await raw.Rig.ChatAsync(stream: true, extra: ",\"n\":2");

        Assert.Equal(events + Sse.Done, chat.Raw);
    }
}
