using Relay.Core.Attempts;
using Relay.Core.Breaker;
using Relay.Gateway.Tests.Kit;
using Relay.Gateway.Tests.Limits;
using Relay.Silo.Grains;
using Relay.TestKit;

namespace Relay.Gateway.Tests.ByHand;

/// <summary>An operator holds a target's breaker: real gateway, real simulators.</summary>
public sealed class ForcedBreakerTests
{
    private const string Primary = "p0/gpt-sim";
    private const string Fallback = "p1/gpt-sim";

    /// <summary>What the issue allows, from the decision to the first request that obeys it.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(300);

    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HeldOpen_MovesTrafficToTheFallbackSoon_AndResetBringsItBack()
    {
        await using var rig = await Rig.StartAsync();
        Assert.Equal(Primary, (await rig.ChatAsync()).Target);

        var open = await UntilAsync(rig, Fallback, () => rig.Grains.SetBreakerAsync(Primary, BreakerForce.Open, Cancellation));
        var asked = rig.Primary.Log.Total;
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(Fallback, (await rig.ChatAsync()).Target);
        }

        Assert.Equal(asked, rig.Primary.Log.Total);
        var back = await UntilAsync(rig, Primary, () => rig.Grains.SetBreakerAsync(Primary, BreakerForce.None, Cancellation));
        Assert.True(open < Soon && back < Soon, $"open after {open.TotalMilliseconds} ms, back after {back.TotalMilliseconds} ms");
    }

    [Fact]
    public async Task IdleTarget_FollowsSoon_OnTheGatewaysOwnFlushes()
    {
        MoodyGrains grains = null!;
        await using var rig = await Rig.StartAsync(new RigOptions { Grains = inner => grains = new MoodyGrains(inner) });
        using var owned = grains;
        var follows = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        grains.Heard = delta =>
        {
            if (delta is { Target: Fallback, Breaker: { State: BreakerState.Open, Reason: BreakerReason.Forced } })
            {
                follows.TrySetResult();
            }
        };
        await rig.Gateway.FlushAsync(Cancellation);
        var start = TimeProvider.System.GetTimestamp();

        await rig.Grains.SetBreakerAsync(Fallback, BreakerForce.Open, Cancellation);
        await follows.Task.WaitAsync(Patient, Cancellation);

        // It tells so with the flush after the one by which it heard: 100 ms more.
        var took = TimeProvider.System.GetElapsedTime(start);
        Assert.True(took < Soon + Soon, $"after {took.TotalMilliseconds} ms");
    }

    [Fact]
    public async Task HeldOpen_AndAllOthersFail_TheHeldOneIsTriedAfterThem()
    {
        await using var rig = await Rig.StartAsync();
        await DecideAsync(rig, Primary, BreakerForce.Open);
        rig.Fallback.Faults.Add("*", "status=500");

        var chat = await rig.ChatAsync();

        Assert.Equal(Primary, chat.Target);
        Assert.Equal(Fallback, (await rig.Records.NextAsync()).Attempts[0].Target);
        Assert.Equal(BreakerState.Open, (await BreakerAsync(rig, Primary)).State);
    }

    [Fact]
    public async Task HeldOpenEverywhere_TheRequestIsStillAnswered()
    {
        await using var rig = await Rig.StartAsync();
        await DecideAsync(rig, Primary, BreakerForce.Open);
        await DecideAsync(rig, Fallback, BreakerForce.Open);
        Assert.Equal(Primary, (await rig.ChatAsync()).Target);
    }

    [Fact]
    public async Task HeldClosed_TakesFailuresWithoutOpening()
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Retry = RetryOptions.Default with { MaxPerTarget = 0 } });
        await DecideAsync(rig, Primary, BreakerForce.Closed);
        rig.Primary.Faults.Add("*", "status=500");
        var asked = rig.Primary.Log.Total;
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(Fallback, (await rig.ChatAsync()).Target);
        }

        Assert.Equal(20, rig.Primary.Log.Total - asked);
        var breaker = await BreakerAsync(rig, Primary);
        Assert.Equal((BreakerState.Closed, BreakerReason.Forced, 0L), (breaker.State, breaker.Reason, breaker.Opened));
    }

    [Fact]
    public async Task Reset_ClosesAnOpenBreakerAtOnce_WithNothingCounted()
    {
        await using var rig = await Rig.StartAsync(new RigOptions { Time = new ManualTimeProvider(), Retry = RetryOptions.Default with { MaxPerTarget = 0 } });
        rig.Primary.Faults.Add("*", "status=500,times=5");
        for (var i = 0; i < 3; i++)
        {
            await rig.ChatAsync();
        }

        Assert.Equal(BreakerState.Open, (await BreakerAsync(rig, Primary)).State);
        await DecideAsync(rig, Primary, BreakerForce.None);

        // Two more failures: were those before it counted, the breaker would open again.
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(Fallback, (await rig.ChatAsync()).Target);
        }

        Assert.Equal(Primary, (await rig.ChatAsync()).Target);
        var breaker = await BreakerAsync(rig, Primary);
        Assert.Equal((BreakerState.Closed, BreakerReason.Reset), (breaker.State, breaker.Reason));
    }

    [Fact]
    public async Task LostAnswer_IsMadeUpForByTheNext_AndAnOldDecisionUndoesNoNewerOne()
    {
        MoodyGrains grains = null!;
        await using var rig = await Rig.StartAsync(new RigOptions { Time = new ManualTimeProvider(), Grains = inner => grains = new MoodyGrains(inner) });
        using var owned = grains;
        await rig.Grains.SetBreakerAsync(Primary, BreakerForce.Open, Cancellation);
        (grains.Failing, grains.AfterItTookIt) = (Primary, true);
        await Assert.ThrowsAsync<InvalidOperationException>(() => rig.Gateway.FlushAsync(Cancellation));
        Assert.Equal(Primary, (await rig.ChatAsync()).Target);

        grains.Failing = null;
        await rig.Gateway.FlushAsync(Cancellation);
        Assert.Equal(Fallback, (await rig.ChatAsync()).Target);
    }

    [Fact]
    public async Task Changes_AreToldInOrder_OnceEach()
    {
        var time = new ManualTimeProvider();
        await using var rig = await Rig.StartAsync(new RigOptions { Time = time, Retry = RetryOptions.Default with { MaxPerTarget = 0 } });
        rig.Primary.Faults.Add("*", "status=500,times=3");
        for (var i = 0; i < 3; i++)
        {
            await rig.ChatAsync();
        }

        time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(Primary, (await rig.ChatAsync()).Target);
        time.Advance(TimeSpan.FromSeconds(6));
        await DecideAsync(rig, Primary, BreakerForce.Open);
        await DecideAsync(rig, Primary, BreakerForce.None);
        await rig.Gateway.FlushAsync(Cancellation);

        var changes = (await rig.Grains.GetBreakerAsync(Primary, Cancellation)).Changes;
        Assert.Equal(
        [
            (BreakerState.Open, BreakerState.Closed, BreakerReason.Reset),
            (BreakerState.Closed, BreakerState.Open, BreakerReason.Forced),
            (BreakerState.Ramping, BreakerState.Closed, BreakerReason.RampFinished),
            (BreakerState.HalfOpen, BreakerState.Ramping, BreakerReason.ProbeSucceeded),
            (BreakerState.Open, BreakerState.HalfOpen, BreakerReason.ProbeGranted),
            (BreakerState.Closed, BreakerState.Open, BreakerReason.ConsecutiveFailures),
        ], changes.Select(c => (c.From, c.To, c.Reason)));
        Assert.Equal(changes.OrderByDescending(c => c.At), changes);
    }

    /// <summary>Decides, and lets the gateway hear and tell of it.</summary>
    private static async Task DecideAsync(Rig rig, string target, BreakerForce force)
    {
        await rig.Grains.SetBreakerAsync(target, force, Cancellation);
        await rig.Gateway.FlushAsync(Cancellation);
        await rig.Gateway.FlushAsync(Cancellation);
    }

    private static async Task<BreakerReport> BreakerAsync(Rig rig, string target)
    {
        await rig.Gateway.FlushAsync(Cancellation);
        return (await rig.Grains.GetBreakerAsync(target, Cancellation)).Breaker!.Value;
    }

    /// <summary>How long from a decision until a request is answered by the target, on the gateway's own flushes.</summary>
    private static async Task<TimeSpan> UntilAsync(Rig rig, string target, Func<ValueTask<TargetBreakerState>> decide)
    {
        var start = TimeProvider.System.GetTimestamp();
        await decide();
        while (true)
        {
            var sent = TimeProvider.System.GetElapsedTime(start);
            if ((await rig.ChatAsync()).Target == target)
            {
                return sent;
            }

            Assert.True(sent < Patient);
        }
    }
}
