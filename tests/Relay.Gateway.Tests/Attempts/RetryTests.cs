using Relay.Core.Attempts;
using Relay.Core.Errors;
using Relay.Gateway.Tests.Kit;

namespace Relay.Gateway.Tests.Attempts;

public sealed class RetryTests
{
    [Theory]
    [InlineData("status=500,times=1", false)]
    [InlineData("status=500,times=1", true)]
    [InlineData("reset,times=1", false)]
    [InlineData("reset,times=1", true)]
    [InlineData("html,times=1", false)]
    [InlineData("truncated-body,times=1", false)]
    [InlineData("bad-json-body,times=1", false)]
    [InlineData("empty-choices,times=1", false)]
    [InlineData("role-only,times=1", true)]
    public async Task PassingFault_IsRetriedOnTheSameTarget(string fault, bool stream)
    {
        await using var rig = await Rig.StartAsync();
        rig.Primary.Faults.Add("*", fault);

        var chat = await rig.ChatAsync(stream: stream);

        Assert.Equal(rig.Expected(), chat.Text);
        Assert.Equal(("p0/gpt-sim", 2), (chat.Target, chat.Attempts));
        var record = await rig.Records.NextAsync();
        Assert.Equal([false, true], record.Attempts.Select(a => a.IsRetry));
        Assert.Equal(0, rig.Fallback.Log.Total);
    }

    [Theory]
    [InlineData("status=503", false)]
    [InlineData("status=503", true)]
    [InlineData("status=500", false)]
    [InlineData("html", false)]
    [InlineData("reset", true)]
    [InlineData("truncated-body", false)]
    [InlineData("bad-json-body", false)]
    [InlineData("empty-choices", false)]
    public async Task LastingFault_TakesThreeAttemptsThenTheFallback(string fault, bool stream)
    {
        await using var rig = await Rig.StartAsync();
        rig.Primary.Faults.Add("*", fault);

        var chat = await rig.ChatAsync(stream: stream);

        Assert.Equal(rig.Expected(), chat.Text);
        Assert.Equal(("p1/gpt-sim", 4), (chat.Target, chat.Attempts));
        Assert.Equal((3, 1), (rig.Primary.Log.Total, rig.Fallback.Log.Total));
    }

    [Fact]
    public async Task FailedAttempts_CostTheClientNothing()
    {
        await using var rig = await Rig.StartAsync();
        rig.Primary.Faults.Add("*", "cut-after=0");

        await rig.ChatAsync(stream: true);

        var record = await rig.Records.NextAsync();
        Assert.All(record.Attempts.SkipLast(1), a => Assert.True(a.Usage is null && a.Cost is null));
        Assert.Equal(record.Attempts[^1].Usage, record.Usage);
        Assert.Equal(record.Attempts[^1].Cost, record.Cost);
        Assert.NotNull(record.Cost);
    }

    [Fact]
    public async Task ConnectionRefused_IsRetriedThenFailsOver()
    {
        using var dead = new DeadPort();
        await using var rig = await Rig.StartAsync(new RigOptions { Upstreams = [dead.Url], Simulators = 1 });

        var chat = await rig.ChatAsync();

        Assert.Equal(("p1/gpt-sim", 4), (chat.Target, chat.Attempts));
        Assert.All((await rig.Records.NextAsync()).Attempts.SkipLast(1), a => Assert.Equal(ErrorKind.ConnectFailed, a.Error));
    }

    [Fact]
    public async Task SpentRetryBudget_StopsRetriesNotFailover()
    {
        var retry = new RigOptions().Retry with { BudgetFloor = 1, BudgetRatio = 0 };
        await using var rig = await Rig.StartAsync(new RigOptions { Retry = retry });
        rig.Primary.Faults.Add("*", "status=500");

        var first = await rig.ChatAsync();
        var second = await rig.ChatAsync();

        // One retry in all: two attempts at the primary for the first request, one for the second.
        Assert.Equal((3, 2), (first.Attempts, second.Attempts));
        Assert.Equal(("p1/gpt-sim", "p1/gpt-sim"), (first.Target, second.Target));
    }

    [Fact]
    public async Task NoRetries_MeansOneAttemptPerTarget()
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Retry = RetryOptions.Default with { MaxPerTarget = 0 } });
        rig.Break("status=500");

        var chat = await rig.ChatAsync();

        Assert.Equal((502, 2), (chat.Status, chat.Attempts));
    }
}
