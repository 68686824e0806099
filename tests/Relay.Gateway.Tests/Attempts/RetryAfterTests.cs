using Relay.Core.Breaker;
using Relay.Core.Errors;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Attempts;

public sealed class RetryAfterTests
{
    [Theory]
    [InlineData("retry-after=1")]
    [InlineData("retry-after-ms=150")]
    [InlineData("retry-after-date=+1s")]
    [InlineData("retry-after=0")]
    public async Task ShortRetryAfter_IsWaitedForOnTheSameTarget(string form)
    {
        await using var rig = await Rig.StartAsync();
        rig.Primary.Faults.Add("*", "status=429,times=1," + form);

        var chat = await rig.ChatAsync();

        Assert.Equal(("p0/gpt-sim", 2), (chat.Target, chat.Attempts));
        var record = await rig.Records.NextAsync();
        Assert.Equal((ErrorKind.ProviderRateLimited, Verdict.Neutral), (record.Attempts[0].Error, record.Attempts[0].Verdict));
    }

    [Fact]
    public async Task RetryAfterInMilliseconds_IsWaitedOutBeforeTheRetry()
    {
        await using var rig = await Rig.StartAsync();
        rig.Primary.Faults.Add("*", "status=429,times=1,retry-after-ms=300");

        await rig.ChatAsync();

        var arrivals = rig.Primary.Log.Entries.Select(e => e.ArrivedAt).ToArray();
        Assert.True(arrivals[1] - arrivals[0] >= TimeSpan.FromMilliseconds(280), $"{arrivals[1] - arrivals[0]}");
        var record = await rig.Records.NextAsync();
        Assert.True(record.Latency - record.Overhead >= TimeSpan.FromMilliseconds(280), "The wait is no overhead.");
    }

    [Theory]
    [InlineData("retry-after=30")]
    [InlineData("retry-after-ms=30000")]
    [InlineData("retry-after-date=+30s")]
    public async Task LongRetryAfter_FailsOverAndLeavesTheTargetAlone(string form)
    {
        await using var rig = await Rig.StartAsync();
        rig.Primary.Faults.Add("*", "status=429,times=1," + form);

        var first = await rig.ChatAsync();
        var second = await rig.ChatAsync(stream: true);

        Assert.Equal(("p1/gpt-sim", 2), (first.Target, first.Attempts));
        Assert.Equal(("p1/gpt-sim", 1), (second.Target, second.Attempts));
        Assert.Equal(1, rig.Primary.Log.Total);
    }

    [Fact]
    public async Task OnlyTargetLeftAlone_IsWaitedForUnlessTheRequestHasLessTime()
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Simulators = 1, Retry = new RigOptions().Retry with { MaxPerTarget = 0 } });
        rig.Primary.Faults.Add("*", "status=429,times=1,retry-after=2");
        await rig.ChatAsync();
        rig.Client.DefaultRequestHeaders.Add("x-relay-timeout-ms", "1500");

        var hurried = await rig.ChatAsync();
        rig.Client.DefaultRequestHeaders.Clear();
        var patient = await rig.ChatAsync();

        Assert.Equal((200, 200), (hurried.Status, patient.Status));
        var arrivals = rig.Primary.Log.Entries.Select(e => e.ArrivedAt).ToArray();
        Assert.True(arrivals[1] - arrivals[0] < TimeSpan.FromSeconds(1.5) && arrivals[2] - arrivals[0] > TimeSpan.FromSeconds(1.9), string.Join(' ', arrivals));
    }

    [Fact]
    public async Task RateLimitedEverywhere_TellsTheClientWhenToComeBack()
    {
        await using var rig = await Rig.StartAsync();
        rig.Break("status=429,retry-after=30");

        var chat = await rig.ChatAsync();

        Assert.Equal((429, "provider_rate_limited"), (chat.Status, chat.ErrorCode));
        Assert.Equal("30", chat.Headers["retry-after"]);
        Assert.Equal("false", chat.Headers["x-should-retry"]);
    }
}
