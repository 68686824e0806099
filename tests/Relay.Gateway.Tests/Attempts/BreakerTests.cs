using Relay.Core.Attempts;
using Relay.Core.Breaker;
using Relay.Gateway.Tests.Kit;
using Relay.Simulator;
using Relay.TestKit;

namespace Relay.Gateway.Tests.Attempts;

/// <summary>The breaker through the real gateway, on a clock that the test moves.</summary>
public sealed class BreakerTests
{
    private static readonly TimeSpan PastOpen = BreakerOptions.Default.OpenFor * 1.2;

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task ThreeFailedRequests_OpenItAndNoAttemptFollows()
    {
        await using var rig = await StartAsync();
        rig.Primary.Faults.Add("*", "status=500");

        var attempts = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            attempts.Add((await rig.ChatAsync()).Attempts);
        }

        Assert.Equal([2, 2, 2, 1, 1], attempts);
        Assert.Equal(3, rig.Primary.Log.Total);
    }

    [Fact]
    public async Task ProbeAfterTheOpenTime_ClosesItWhenItAnswers()
    {
        await using var rig = await StartAsync();
        await OpenAsync(rig);
        rig.Primary.Faults.Clear();

        Assert.Equal("p1/gpt-sim", (await rig.ChatAsync()).Target);
        _time.Advance(PastOpen);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("p0/gpt-sim", (await rig.ChatAsync(stream: i % 2 == 0)).Target);
        }
    }

    [Fact]
    public async Task FailedProbe_OpensItForLonger()
    {
        await using var rig = await StartAsync();
        await OpenAsync(rig);

        _time.Advance(PastOpen);
        Assert.Equal(2, (await rig.ChatAsync()).Attempts);
        _time.Advance(PastOpen);
        Assert.Equal(1, (await rig.ChatAsync()).Attempts);
        Assert.Equal(4, rig.Primary.Log.Total);
    }

    [Theory]
    [InlineData("status=429")]
    [InlineData("status=400,code=context_length_exceeded")]
    public async Task NeutralFaults_NeverOpenIt(string fault)
    {
        // Without headers that tell of a reached limit, which would put the other target first.
        await using var rig = await StartAsync(i => new SimulatorOptions { Name = "sim-" + i, RateLimitHeaders = false });
        rig.Primary.Faults.Add("*", fault);

        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(2, (await rig.ChatAsync()).Attempts);
        }
    }

    [Fact]
    public async Task AllOpen_TheLeastBadIsStillTriedOnce()
    {
        await using var rig = await StartAsync();
        rig.Break("status=500");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(2, (await rig.ChatAsync()).Attempts);
        }

        Assert.Equal((502, 1), await OutcomeAsync(rig));
        rig.Primary.Faults.Clear();
        rig.Fallback.Faults.Clear();
        Assert.Equal((200, 1), await OutcomeAsync(rig));
    }

    private static async Task<(int Status, int Attempts)> OutcomeAsync(Rig rig)
    {
        var chat = await rig.ChatAsync();
        return (chat.Status, chat.Attempts);
    }

    private static async Task OpenAsync(Rig rig)
    {
        rig.Primary.Faults.Add("*", "status=500");
        for (var i = 0; i < 3; i++)
        {
            await rig.ChatAsync();
        }
    }

    /// <summary>Without retries, so that no back-off waits for the clock.</summary>
    private Task<Rig> StartAsync(Func<int, SimulatorOptions>? simulator = null)
    {
        var options = new RigOptions { Time = _time, Retry = RetryOptions.Default with { MaxPerTarget = 0 } };
        return Rig.StartAsync(simulator is null ? options : options with { Simulator = simulator });
    }
}
