using Relay.Core.Errors;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Completions;

public sealed class ChatCompletionTests
{
    [Fact]
    public async Task PlainAnswer_PassesWholeWithRelayHeaders()
    {
        await using var rig = await Rig.StartAsync();

        var chat = await rig.ChatAsync();

        Assert.Equal(200, chat.Status);
        Assert.Equal(rig.Expected(), chat.Text);
        Assert.Equal("p0/gpt-sim", chat.Target);
        Assert.Equal(1, chat.Attempts);
        Assert.StartsWith("req_", chat.Headers["x-relay-request-id"], StringComparison.Ordinal);
        Assert.StartsWith("relay;dur=", chat.Headers["server-timing"], StringComparison.Ordinal);
        Assert.True(decimal.Parse(chat.Headers["x-relay-cost-usd"]) > 0);
        Assert.Contains("x-ratelimit-remaining-requests", chat.Headers.Keys);
    }

    [Fact]
    public async Task StreamedAnswer_PassesWholeWithoutUnaskedUsage()
    {
        await using var rig = await Rig.StartAsync();

        var chat = await rig.ChatAsync(stream: true);

        Assert.Equal(rig.Expected(), chat.Text);
        Assert.True(chat.Done);
        Assert.False(chat.HasUsage);
        Assert.Contains("\"include_usage\":true", rig.Primary.Log.Last!.BodyText, StringComparison.Ordinal);
        var record = await rig.Records.NextAsync();
        Assert.Equal(ErrorKind.None, record.Error);
        Assert.True(record.Usage!.Value.TotalOutput > 0);
        Assert.False(record.Usage.Value.Estimated);
        Assert.NotNull(record.Cost);
    }

    [Fact]
    public async Task StreamedAnswer_KeepsUsageThatWasAskedFor()
    {
        await using var rig = await Rig.StartAsync();

        var chat = await rig.ChatAsync(stream: true, extra: """,  "stream_options": {"include_usage": true}""");

        Assert.Equal(rig.Expected(), chat.Text);
        Assert.True(chat.HasUsage);
        Assert.True(chat.Done);
    }
}
