using Microsoft.Extensions.Logging.Abstractions;
using Relay.Core.Breaker;
using Relay.Core.Slow;
using Relay.Gateway.Routing;
using Relay.TestKit;

namespace Relay.Gateway.Tests.ByHand;

/// <summary>What a gateway makes of a decision.</summary>
public sealed class ForcedTargetStateTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(12);

    private readonly ManualTimeProvider _time = new();

    private TimeSpan Now => Monotonic.Now(_time);

    [Fact]
    public void OlderDecision_UndoesNoNewerOne()
    {
        var state = State();
        state.Follow(new(BreakerForce.Open, 5));
        state.Follow(new(BreakerForce.None, 4));
        state.Follow(new(BreakerForce.None, 5));
        Assert.False(state.TryEnter(Now, Lease).Allowed);
        Assert.Equal(new(BreakerForce.Open, 5), state.ReportBreaker().Decision);

        state.Follow(new(BreakerForce.None, 6));
        Assert.True(state.TryEnter(Now, Lease).Allowed);
    }

    [Fact]
    public void HeldOpen_IsNeverDueAndTellsNoNextProbe()
    {
        var state = State();
        state.Follow(new(BreakerForce.Open, 1));
        _time.Advance(TimeSpan.FromDays(30));
        Assert.Equal(TimeSpan.MaxValue, state.AvailableAt);
        Assert.False(state.TryEnter(Now, Lease).Allowed);
        var report = state.ReportBreaker();
        Assert.Equal((BreakerState.Open, BreakerReason.Forced, null, 0L), (report.State, report.Reason, report.OpenUntil, report.Opened));
    }

    [Fact]
    public void EditOfItsBreakerOptions_KeepsTheDecision_AndTellsOfNoChange()
    {
        var before = State();
        before.Follow(new(BreakerForce.Open, 7));
        before.TakeChanges();
        var after = State(before, BreakerOptions.Default with { ConsecutiveFailures = 9 });

        Assert.False(after.TryEnter(Now, Lease).Allowed);
        Assert.Equal(7, after.HeldBy.Version);
        Assert.Empty(after.TakeChanges());
        after.Follow(new(BreakerForce.None, 6));
        Assert.False(after.TryEnter(Now, Lease).Allowed);
    }

    [Fact]
    public void HeldClosed_IsNotPassedOverForBeingSlow_AndMayBeAfterTheReset()
    {
        var state = State(slow: SlowOptions.Default with { MinSamples = 5 });
        Serve(state, 10, TimeSpan.FromMilliseconds(100));
        state.Follow(new(BreakerForce.Closed, 1));
        Serve(state, 20, TimeSpan.FromSeconds(5));
        Assert.True(state.PreferredAt(Now) <= Now);

        state.Follow(new(BreakerForce.None, 2));
        Serve(state, SlowOptions.Default.SlowAttempts, TimeSpan.FromSeconds(5));
        Assert.True(state.PreferredAt(Now) > Now);
        Assert.Equal(BreakerReason.Slow, state.ReportBreaker().Reason);

        // And the reset of one that is passed over puts it back.
        state.Follow(new(BreakerForce.None, 3));
        Assert.True(state.PreferredAt(Now) <= Now);
    }

    [Fact]
    public void RetryAfter_HoldsAlsoWhileTheBreakerIsHeldClosed()
    {
        var state = State();
        state.Follow(new(BreakerForce.Closed, 1));
        state.LeaveAlone(Now, TimeSpan.FromSeconds(2));
        Assert.False(state.TryEnter(Now, Lease).Allowed);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(state.TryEnter(Now, Lease).Allowed);
    }

    [Fact]
    public void OpeningIsToldOfOnce()
    {
        var state = State();
        Assert.False(state.TakeUntoldOpening());
        state.Follow(new(BreakerForce.Open, 1));
        Assert.True(state.TakeUntoldOpening());
        Assert.False(state.TakeUntoldOpening());
        state.Follow(new(BreakerForce.None, 2));
        Assert.False(state.TakeUntoldOpening());
    }

    [Fact]
    public void SlowAndFailing_MakeOneStory()
    {
        var state = State(slow: SlowOptions.Default with { MinSamples = 5 });
        Serve(state, 10, TimeSpan.FromMilliseconds(100));
        Serve(state, SlowOptions.Default.SlowAttempts, TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 3; i++)
        {
            state.Record(Verdict.Failure, state.TryEnter(Now, Lease).Lease);
        }

        Assert.Equal(
        [
            (BreakerState.Closed, BreakerState.Open, BreakerReason.Slow),
            (BreakerState.Open, BreakerState.Open, BreakerReason.ConsecutiveFailures),
        ], state.TakeChanges().Select(c => (c.From, c.To, c.Reason)));
        Assert.Empty(state.TakeChanges());
    }

    private TargetState State(TargetState? before = null, BreakerOptions? breaker = null, SlowOptions? slow = null) =>
        new("t", breaker ?? BreakerOptions.Default, slow ?? SlowOptions.Default, _time, new Sampler(7), NullLogger.Instance, before);

    /// <summary>Streams whose first token takes so long.</summary>
    private void Serve(TargetState state, int count, TimeSpan firstToken)
    {
        for (var i = 0; i < count; i++)
        {
            var ticket = state.Speed.Enter(default, streams: true, TimeSpan.MaxValue, Now, Lease);
            _time.Advance(firstToken);
            state.Speed.FirstToken(ref ticket, firstToken, alone: false, Now);
            state.Speed.Leave(ref ticket, new SpeedEnd(Answered: true, GaveUp: false, firstToken, HadToken: true, PlainTokens: null, IsCounted: false), Now);
        }
    }
}
