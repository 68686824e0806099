using System.Text.Json;
using Relay.Core.Errors;
using Relay.Gateway.Tests.Kit;
using Relay.Simulator;

namespace Relay.Gateway.Tests.Rescue;

/// <summary>What comes around the finish_reason of a stream that could be rescued.</summary>
public sealed class AfterFinishTests
{
    private const string AskUsage = ",\"stream_options\":{\"include_usage\":true}";
    private const string Fault = "data: {\"error\":{\"message\":\"It broke.\",\"type\":\"server_error\"}}\n\n";

    [Fact]
    public async Task ErrorEventAfterTheFinish_LeavesTheAnswerWholeAndAsksNobodyElse()
    {
        await using var raw = await RawRig.StreamAsync(Sse.Role + Sse.Text("All of it.") + Sse.Finish() + Fault);

        var chat = await raw.Rig.ChatAsync(stream: true);

        Assert.Equal(("All of it.", true, false), (chat.Text, chat.Done, chat.Broken));
        Assert.Null(chat.Error);
        Assert.Single(FinishReasons(chat));
        Assert.Equal(ErrorKind.None, (await raw.Rig.Records.NextAsync()).Error);
        Assert.Equal(0, raw.Rig.Primary.Log.Total);
    }

    [Fact]
    public async Task EventThatIsTooLongAfterTheFinish_IsNoRescueThatFinishesTwice()
    {
        var options = new RigOptions { Config = c => c with { Limits = c.Limits with { MaxSseLineBytes = 1024 } } };
        await using var raw = await RawRig.StreamAsync(Sse.Role + Sse.Text("All of it.") + Sse.Finish() + "data: {\"x\":\"" + new string('x', 2000) + "\"}\n\n", options);

        var chat = await raw.Rig.ChatAsync(stream: true);

        Assert.Equal("All of it.", chat.Text);
        Assert.Single(FinishReasons(chat));
        Assert.Equal(0, raw.Rig.Primary.Log.Total);
    }

    [Fact]
    public async Task UsageBeforeTheBreak_IsNotSentTwice()
    {
        // A part of the text and a usage, but no finish_reason.
        await using var raw = await RawRig.StreamAsync(Sse.Role + Sse.Text(FirstWords) + Sse.Usage + Sse.Done);

        var chat = await raw.Rig.ChatAsync(stream: true, extra: AskUsage);

        Assert.Equal((raw.Rig.Expected(), true), (chat.Text, chat.Done));
        var usage = Assert.Single(chat.Events, e => e.TryGetProperty("usage", out var u) && u.ValueKind == JsonValueKind.Object);
        Assert.True(usage.TryGetProperty("x_relay", out _));
    }

    [Fact]
    public async Task UsageBeforeTheFinish_ReachesTheClientOnce()
    {
        await using var raw = await RawRig.StreamAsync(Sse.Role + Sse.Text("All of it.") + Sse.Usage + Sse.Finish() + Sse.Done);

        var chat = await raw.Rig.ChatAsync(stream: true, extra: AskUsage);

        Assert.Equal(("All of it.", true), (chat.Text, chat.Done));
        var usage = Assert.Single(chat.Events, e => e.TryGetProperty("usage", out var u) && u.ValueKind == JsonValueKind.Object);
        Assert.False(usage.TryGetProperty("x_relay", out _));
        var record = await raw.Rig.Records.NextAsync();
        Assert.Equal(record.Usage!.Value.TotalOutput, usage.GetProperty("usage").GetProperty("completion_tokens").GetInt64());
        Assert.False(record.Usage.Value.Estimated);
    }

    private static string FirstWords { get; } = string.Join(' ', Answers.Text(new RigOptions().Simulator(0), "hello").Split(' ').Take(3));

    private static IEnumerable<string?> FinishReasons(Chat chat) => chat.Events
        .Where(e => e.TryGetProperty("choices", out _))
        .SelectMany(e => e.GetProperty("choices").EnumerateArray())
        .Select(c => c.GetProperty("finish_reason").GetString())
        .Where(reason => reason is not null);
}
