using Relay.Core.Breaker;
using Relay.Core.Errors;
using Relay.Silo.Grains;

namespace Relay.Silo.Tests.Grains;

/// <content>Decisions for breakers, their changes, and stories of failovers.</content>
public abstract partial class GrainContract
{
    private static readonly DateTimeOffset At = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Decision_IsInTheNextAnswer_ToEveryGateway_UntilTheNextDecision()
    {
        Assert.Equal(default, (await Grains.ApplyAsync(Delta.Target("t", "g1", 1), None)).Decision);

        var open = (await Grains.SetBreakerAsync("t", BreakerForce.Open, None)).Decision;
        Assert.Equal(BreakerForce.Open, open.Force);
        Assert.True(open.Version > 0);
        Assert.Equal(open, (await Grains.ApplyAsync(Delta.Target("t", "g1", 2), None)).Decision);
        Assert.Equal(open, (await Grains.ApplyAsync(Delta.Target("t", "g2", 1), None)).Decision);

        var reset = (await Grains.SetBreakerAsync("t", BreakerForce.None, None)).Decision;
        Assert.True(reset.Version > open.Version);
        Assert.Equal(reset, (await Grains.ApplyAsync(Delta.Target("t", "g1", 3), None)).Decision);
        Assert.Equal(reset, (await Grains.ApplyAsync(Delta.Target("t", "g1", 3), None)).Decision);
    }

    [Fact]
    public async Task Decision_ForATargetThatNothingWasReportedOf_WaitsForItsGateways()
    {
        var state = await Grains.SetBreakerAsync("new", BreakerForce.Closed, None);
        Assert.Null(state.Breaker);
        Assert.Equal(state.Decision, (await Grains.ApplyAsync(Delta.Target("new", "g", 1), None)).Decision);
    }

    [Fact]
    public async Task Decision_StaysWhenAllGatewaysFallSilent()
    {
        await Grains.ApplyAsync(Delta.Target("t", "g", 1), None);
        var decision = (await Grains.SetBreakerAsync("t", BreakerForce.Open, None)).Decision;
        Assert.Equal(BreakerForce.Open, (await Grains.GetBreakerAsync("t", None)).Breaker!.Value.Decision.Force);

        Time.Advance(TimeSpan.FromDays(2));
        var silent = await Grains.GetBreakerAsync("t", None);
        Assert.Null(silent.Breaker);
        Assert.Equal(decision, silent.Decision);
        Assert.Equal(decision, (await Grains.ApplyAsync(Delta.Target("t", "other", 1), None)).Decision);
    }

    [Fact]
    public async Task GrainThatLostADecision_LearnsItFromAGatewayThatFollowsIt()
    {
        var known = new BreakerDecision(BreakerForce.Open, 1);
        await Grains.ApplyAsync(Delta.Target("t", "g1", 1, breaker: Delta.Closed with { Decision = known }), None);
        Assert.Equal(known, (await Grains.ApplyAsync(Delta.Target("t", "g2", 1), None)).Decision);

        // And the next one is later than it.
        var next = (await Grains.SetBreakerAsync("t", BreakerForce.None, None)).Decision;
        Assert.True(next.Version > known.Version);
        Assert.Equal(next, (await Grains.ApplyAsync(Delta.Target("t", "g1", 2, breaker: Delta.Closed with { Decision = known }), None)).Decision);
    }

    [Fact]
    public async Task Changes_OfAllGateways_NewestFirst_OnceEach_AtMostFifty()
    {
        for (var i = 0; i < 40; i++)
        {
            var first = Delta.Target("t", "g1", i + 1) with { Changes = [Change(2 * i)] };
            var second = Delta.Target("t", "g2", i + 1) with { Changes = [Change((2 * i) - 5)] };
            await Grains.ApplyAsync(first, None);
            await Grains.ApplyAsync(second, None);
            await Grains.ApplyAsync(first, None);
        }

        var changes = (await Grains.GetBreakerAsync("t", None)).Changes;
        var all = Enumerable.Range(0, 40).SelectMany(i => new[] { 2 * i, (2 * i) - 5 }).OrderDescending().Take(50);
        Assert.Equal(all.Select(second => At.AddSeconds(second)), changes.Select(change => change.At));

        static BreakerChange Change(int second) => new(At.AddSeconds(second), BreakerState.Closed, BreakerState.Open, BreakerReason.FailureRatio);
    }

    [Fact]
    public async Task Stories_NewestFirst_OnceEach_AtMostAHundred()
    {
        Assert.Empty(await Grains.GetStoriesAsync("m", None));
        for (var i = 0; i < 60; i++)
        {
            var delta = Delta.Model("m", "g", i + 1) with { Stories = [Story(2 * i), Story((2 * i) + 1)] };
            await Grains.ApplyAsync(delta, None);
            await Grains.ApplyAsync(delta, None);
        }

        var stories = await Grains.GetStoriesAsync("m", None);
        Assert.Equal(Enumerable.Range(20, 100).Reverse().Select(i => $"req_{i}"), stories.Select(story => story.RequestId));
        Assert.Equal(Story(119), stories[0]);
        Assert.Empty(await Grains.GetStoriesAsync("other", None));

        static FailoverStory Story(int i) =>
            new(At.AddSeconds(i), FailoverKind.Rescue, "m", $"req_{i}", "a", "b", ErrorKind.Truncated, TimeSpan.FromMilliseconds(i), Succeeded: true);
    }
}
