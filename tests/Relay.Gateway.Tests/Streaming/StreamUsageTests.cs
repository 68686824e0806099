using Relay.Core.Errors;
using Relay.Gateway.Recording;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Streaming;

/// <summary>Usage is forced upstream, and shown to whom asked for it.</summary>
public sealed class StreamUsageTests
{
    private const string Answer = Sse.Role + "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]}\n\n";

    [Theory]
    [InlineData("", "\"stream_options\":{\"include_usage\":true}")]
    [InlineData(",\"stream_options\":null", "\"stream_options\":{\"include_usage\":true}")]
    [InlineData(",\"stream_options\":{}", "\"stream_options\":{\"include_usage\":true}")]
    [InlineData(",\"stream_options\":{\"include_usage\":false}", "\"stream_options\":{\"include_usage\":true}")]
    [InlineData(",\"stream_options\":{\"x\":1}", "\"stream_options\":{\"include_usage\":true,\"x\":1}")]
    public async Task UsageThatNobodyAskedFor_IsForcedUpstreamAndStripped(string extra, string upstream)
    {
        await using var rig = await Rig.StartAsync();

        var chat = await rig.ChatAsync(stream: true, extra: extra);

        Assert.Contains(upstream, rig.Primary.Log.Last!.BodyText, StringComparison.Ordinal);
        Assert.False(chat.HasUsage);
        Assert.True(chat.Done);
        Assert.False((await rig.Records.NextAsync()).Usage!.Value.Estimated);
    }

    [Fact]
    public async Task UsageOnAChunkWithChoices_IsCountedAndTheChunkPasses()
    {
        var events = Answer + Sse.Finish(extra: ""","usage":{"prompt_tokens":5,"completion_tokens":3}""");
        await using var raw = await RawRig.StreamAsync(events + Sse.Done);

        var chat = await raw.Rig.ChatAsync(stream: true);

        Assert.Equal(events + Sse.Done, chat.Raw);
        var usage = (await raw.Rig.Records.NextAsync()).Usage!.Value;
        Assert.Equal((5, 3, false), (usage.TotalInput, usage.TotalOutput, usage.Estimated));
    }

    [Fact]
    public async Task NoUsage_IsEstimatedAndMarked()
    {
        await using var rig = await Rig.StartAsync();
        rig.Primary.Faults.Add("*", "no-usage");

        var chat = await rig.ChatAsync(stream: true);

        Assert.Equal(rig.Expected(), chat.Text);
        var usage = (await rig.Records.NextAsync()).Usage!.Value;
        Assert.True(usage.Estimated);
        Assert.Equal(rig.Primary.Options.DefaultWords, usage.TotalOutput);
    }

    [Fact]
    public async Task NoEndMark_IsASuccessAndRelayAddsIt()
    {
        await using var rig = await Rig.StartAsync();
        rig.Primary.Faults.Add("*", "no-done");

        var chat = await rig.ChatAsync(stream: true);

        Assert.Equal(rig.Expected(), chat.Text);
        Assert.True(chat.Done && !chat.Broken);
        Assert.Equal(ErrorKind.None, (await rig.Records.NextAsync()).Error);
    }

    [Fact]
    public async Task StallAfterFinishReason_IsASuccessAfterTheGrace()
    {
        var (chat, record) = await AfterFinishAsync(Answer + Sse.Finish(), call => call.GatewayLeftAsync());

        Assert.Equal(Answer + Sse.Finish() + Sse.Done, chat.Raw);
        Assert.True(record.Usage!.Value.Estimated);
    }

    [Fact]
    public async Task ResetAfterFinishReason_IsASuccess()
    {
        var (chat, _) = await AfterFinishAsync(Answer + Sse.Finish() + Sse.Usage, call =>
        {
            call.Reset();
            return Task.CompletedTask;
        });

        // A reset may overtake what was sent before it; what came must then have been answered by the fallback.
        Assert.True(chat.Done && !chat.Broken);
    }

    [Fact]
    public async Task StallAfterFinishReasonWithoutAnyDelta_SendsTheHeldChunks()
    {
        var events = Sse.Role + Sse.Finish(reason: "length");

        var (chat, _) = await AfterFinishAsync(events, call => call.GatewayLeftAsync());

        Assert.Equal(events + Sse.Done, chat.Raw);
        Assert.StartsWith("text/event-stream", chat.Headers["content-type"], StringComparison.Ordinal);
    }

    private static async Task<(Chat Chat, RequestRecord Record)> AfterFinishAsync(string events, Func<RawCall, Task> then)
    {
        await using var raw = await RawRig.StartAsync(
            async call =>
            {
                await call.SendStreamAsync(events);
                await then(call);
            },
            new RigOptions { Timeouts = RawRig.Short with { FirstToken = TimeSpan.FromSeconds(20), Idle = TimeSpan.FromSeconds(20) } });
        var chat = await raw.Rig.ChatAsync(stream: true);
        var record = await raw.Rig.Records.NextAsync();
        Assert.Equal(ErrorKind.None, record.Error);
        return (chat, record);
    }
}
