using Relay.Core.Breaker;
using Relay.Core.Errors;
using Relay.Gateway.Config;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Streaming;

/// <summary>Streams that go wrong before and after their first token.</summary>
public sealed class StreamFaultTests
{
    [Fact]
    public async Task MalformedEvent_IsSkippedAndCounted()
    {
        await using var rig = await Rig.StartAsync();
        rig.Primary.Faults.Add("*", "malformed-event-after=10");

        var chat = await rig.ChatAsync(stream: true);

        Assert.Equal(rig.Expected(), chat.Text);
        Assert.True(chat.Done);
        var record = await rig.Records.NextAsync();
        Assert.Equal(ErrorKind.None, record.Error);
        Assert.Equal(1, Assert.Single(record.Attempts).MalformedEvents);
    }

    [Fact]
    public async Task ErrorInStreamBeforeTheFirstToken_FailsOver()
    {
        await using var rig = await Rig.StartAsync();
        rig.Primary.Faults.Add("*", "error-in-stream-after=0");

        var chat = await rig.ChatAsync(stream: true);

        Assert.Equal(rig.Expected(), chat.Text);
        Assert.Equal("p1/gpt-sim", chat.Target);
        Assert.True(chat.Done);
    }

    [Fact]
    public async Task ErrorInStreamAfterTheFirstToken_IsToldInBandAndTheConnectionBreaks()
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Rescue = RigOptions.NoRescue });
        rig.Primary.Faults.Add("*", "error-in-stream-after=5");

        var chat = await rig.ChatAsync(stream: true);

        Assert.True(chat.Broken && !chat.Done);
        Assert.Equal("provider_error", chat.ErrorCode);
        ErrorShape.Check(chat.Events[^1]);
        Assert.StartsWith(chat.Text, rig.Expected(), StringComparison.Ordinal);
        Assert.NotEqual("", chat.Text);
        var record = await rig.Records.NextAsync();
        Assert.Equal((ErrorKind.ProviderError, 200), (record.Error, record.HttpStatus));
        Assert.Equal(Verdict.Failure, Assert.Single(record.Attempts).Verdict);
        Assert.True(record.Usage!.Value.Estimated);
    }

    [Theory]
    [InlineData("cut-after=5,end=clean", ErrorKind.Truncated)]
    [InlineData("cut-after=5", ErrorKind.ConnectionReset)]
    [InlineData("stall-after=5", ErrorKind.IdleTimeout)]
    [InlineData("huge-line,words=5", ErrorKind.Malformed)]
    public async Task FaultAfterTheFirstToken_IsToldInBandWithItsKind(string fault, ErrorKind kind)
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Rescue = RigOptions.NoRescue, Timeouts = RawRig.Short with { FirstToken = TimeSpan.FromSeconds(20) } });
        rig.Primary.Faults.Add("*", fault);

        var chat = await rig.ChatAsync(stream: true);

        Assert.True(chat.Broken && !chat.Done);
        Assert.Contains(chat.ErrorCode, kind == ErrorKind.ConnectionReset ? ["connection_reset", "truncated"] : new[] { kind.Label() });
        var record = await rig.Records.NextAsync();
        Assert.Equal(chat.ErrorCode, record.Error.Label());
        Assert.Single(record.Attempts);
        Assert.Equal(0, rig.Fallback.Log.Total);
    }

    [Theory]
    [InlineData("role-only")]
    [InlineData("empty-choices")]
    [InlineData("cut-after=0,end=clean")]
    [InlineData("cut-after=0")]
    [InlineData("huge-line")]
    [InlineData("headers-then-silence")]
    [InlineData("stall-after=0")]
    public async Task FaultBeforeTheFirstToken_FailsOver(string fault)
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Timeouts = RawRig.Short });
        rig.Primary.Faults.Add("*", fault);

        var chat = await rig.ChatAsync(stream: true);

        Assert.Equal(rig.Expected(), chat.Text);
        Assert.Equal("p1/gpt-sim", chat.Target);
        Assert.True(chat.Done && !chat.Broken);
    }

    [Fact]
    public async Task LineJustOverTheLimit_IsMalformedHoweverItArrives()
    {
        var line = Sse.Delta($$"""{"content":"{{new string('x', 4096)}}"}""");
        await using var raw = await RawRig.StreamAsync(
            line + Sse.Finish() + Sse.Done,
            new RigOptions { Config = c => c with { Limits = new LimitOptions { MaxSseLineBytes = 4096 } } });

        var chat = await raw.Rig.ChatAsync(stream: true);

        Assert.Equal("p1/gpt-sim", chat.Target);
        Assert.Equal(ErrorKind.Malformed, (await raw.Rig.Records.NextAsync()).Attempts[0].Error);
    }

    [Fact]
    public async Task PlainAnswerToAStreamRequest_IsMalformed()
    {
        await using var raw = await RawRig.StartAsync(RawUpstream.Json("{\"choices\":[]}"u8.ToArray()));

        var chat = await raw.Rig.ChatAsync(stream: true);

        Assert.Equal(raw.Rig.Expected(), chat.Text);
        Assert.Equal(ErrorKind.Malformed, (await raw.Rig.Records.NextAsync()).Attempts[0].Error);
    }

    [Fact]
    public async Task FieldNameWithALoneSurrogate_PassesThrough()
    {
        var events = "data: {\"\\ud800hoices\":1,\"choices\":[{\"\\ud800ndex\":0,\"delta\":{\"\\udc00ole\":\"x\"}}]}\n\n" + Sse.Finish();
        await using var raw = await RawRig.StreamAsync(events + Sse.Done);

        using var response = await raw.Rig.PostAsync(Rig.Body(stream: true));

        Assert.Equal(events + Sse.Done, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task WaitForTheProviderWithinAStream_IsNotRelaysOverhead()
    {
        await using var rig = await Rig.StartAsync();
        rig.Primary.Faults.Add("*", "stall-after=5,for=700ms,end=continue");

        await rig.ChatAsync(stream: true);

        var record = await rig.Records.NextAsync();
        Assert.True(record.Latency - record.Overhead >= TimeSpan.FromMilliseconds(650), $"{record.Overhead} of {record.Latency}");
    }
}
