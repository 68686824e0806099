using System.Text;
using Relay.Core.Attempts;
using Relay.Core.Breaker;
using Relay.Core.Errors;
using Relay.Gateway.Tests.Kit;
using Relay.Simulator;

namespace Relay.Gateway.Tests.Cancellation;

/// <summary>A client that leaves stops the provider at once and blames nobody.</summary>
public sealed class ClientLeavesTests
{
    [Theory]
    [InlineData("silence", false)]
    [InlineData("silence", true)]
    [InlineData("headers-then-silence", false)]
    [InlineData("headers-then-silence", true)]
    [InlineData("stall-after=5", true)]
    public async Task Disconnect_CancelsUpstreamAtOnce(string fault, bool stream)
    {
        await using var rig = await Rig.StartAsync();
        rig.Primary.Faults.Add("*", fault);
        using var client = await RawClient.ConnectAsync(rig.Gateway.Url);
        await client.SendAsync(RawClient.Request(Encoding.UTF8.GetBytes(Rig.Body(stream: stream))));
        var words = fault.StartsWith("stall", StringComparison.Ordinal) ? 5 : 0;
        await rig.Primary.Log.WaitForAsync(r => r.WordsSent >= words, Patience.Token);

        client.Reset();

        await rig.Primary.Log.WaitForAsync(r => r.Ending == RequestEnding.ClientAborted, Patience.Token);
        var record = await rig.Records.NextAsync();
        Assert.Equal(ErrorKind.ClientClosed, record.Error);
        var attempt = Assert.Single(record.Attempts);
        Assert.Equal((ErrorKind.ClientClosed, Verdict.Neutral), (attempt.Error, attempt.Verdict));
        Assert.Equal(0, rig.Fallback.Log.Total);
    }

    [Fact]
    public async Task DisconnectDuringARetryWait_EndsTheRequest()
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Simulators = 1, Retry = RetryOptions.Default with { RetryAfterWaitMax = TimeSpan.FromMinutes(2) } });
        rig.Break("status=429,retry-after=60");
        using var client = await RawClient.ConnectAsync(rig.Gateway.Url);
        await client.SendAsync(RawClient.Request(Encoding.UTF8.GetBytes(Rig.Body())));
        await rig.Primary.Log.WaitForAsync(r => r.Status == 429, Patience.Token);

        client.Reset();

        Assert.Equal(ErrorKind.ClientClosed, (await rig.Records.NextAsync()).Error);
        Assert.Equal(1, rig.Primary.Log.Total);
    }

    [Fact]
    public async Task DisconnectAfterTheSlowLimit_IsASlowFailure()
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Timeouts = TimeoutOptions.Default with { SlowAfter = TimeSpan.Zero } });
        rig.Primary.Faults.Add("*", "silence");
        using var client = await RawClient.ConnectAsync(rig.Gateway.Url);
        await client.SendAsync(RawClient.Request(Encoding.UTF8.GetBytes(Rig.Body(stream: true))));
        await rig.Primary.Log.WaitForAsync(_ => true, Patience.Token);

        client.Reset();

        Assert.Equal(Verdict.Failure, Assert.Single((await rig.Records.NextAsync()).Attempts).Verdict);
    }

    [Fact]
    public async Task ManyClientsThatLeave_OpenNoBreaker()
    {
        await using var rig = await Rig.StartAsync();
        rig.Primary.Faults.Add("*", "silence,times=6");
        for (var i = 1; i <= 6; i++)
        {
            using var client = await RawClient.ConnectAsync(rig.Gateway.Url);
            await client.SendAsync(RawClient.Request(Encoding.UTF8.GetBytes(Rig.Body(stream: true))));
            await rig.Primary.Log.WaitForCountAsync(i, cancellationToken: Patience.Token);
            client.Reset();
            await rig.Records.NextAsync();
        }

        Assert.Equal("p0/gpt-sim", (await rig.ChatAsync()).Target);
    }
}
