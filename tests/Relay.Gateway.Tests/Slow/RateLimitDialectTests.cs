using Relay.Gateway.Config;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Slow;

/// <summary>Limits that real simulators tell in their dialects.</summary>
public sealed class RateLimitDialectTests
{
    [Theory]
    [InlineData(Dialect.OpenAi)]
    [InlineData(Dialect.Azure)]
    [InlineData(Dialect.Anthropic)]
    public async Task LimitReached_NextRequestsGoToTheFallbackBeforeAny429(Dialect dialect)
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Dialect = i => i == 0 ? dialect : Dialect.OpenAi });
        rig.Primary.Faults.Add("*", "limit-reached,limit-reset=50s,times=1");

        Assert.Equal("p0/gpt-sim", (await rig.ChatAsync(stream: true)).Target);
        Assert.Equal("p1/gpt-sim", (await rig.ChatAsync(stream: true)).Target);
        Assert.Equal("p1/gpt-sim", (await rig.ChatAsync()).Target);
        Assert.Equal(1, rig.Primary.Log.Total);
    }
}
