using Relay.Core.Breaker;

namespace Relay.Core.Tests.Breaker;

public class CircuitBreakerHoldTests
{
    private static readonly BreakerOptions Options = new() { MinimumRequests = 1_000_000, Jitter = 0 };
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(12);

    private readonly CircuitBreaker _breaker = new(Options);
    private TimeSpan _now = TimeSpan.FromHours(1);

    [Fact]
    public void Held_open_lets_nothing_in_however_long_it_lasts()
    {
        _breaker.Hold(BreakerForce.Open, _now);
        _now += TimeSpan.FromDays(365);
        Assert.Equal(new(false, default, TimeSpan.MaxValue), _breaker.TryEnter(_now, Lease, 0));
        Assert.False(_breaker.CanEnter(_now, out var retryAt));
        Assert.Equal(TimeSpan.MaxValue, retryAt);
        var shown = _breaker.Snapshot(_now);
        Assert.Equal((BreakerState.Open, BreakerReason.Forced, 0L, BreakerForce.Open), (shown.State, shown.Reason, shown.Opened, shown.Force));
    }

    [Theory]
    [InlineData(Verdict.Success)]
    [InlineData(Verdict.Failure)]
    [InlineData(Verdict.Neutral)]
    public void Held_open_verdicts_change_nothing(Verdict verdict)
    {
        var before = _breaker.TryEnter(_now, Lease, 0).Lease;
        _breaker.Hold(BreakerForce.Open, _now);
        _breaker.Record(verdict, before, _now, 0.5);
        _breaker.Record(verdict, default, _now, 0.5);
        Assert.Equal((BreakerState.Open, BreakerReason.Forced), (_breaker.Snapshot(_now).State, _breaker.Snapshot(_now).Reason));
    }

    [Fact]
    public void Held_closed_any_number_of_failures_does_not_open_it_nor_counts_after_the_reset()
    {
        _breaker.Hold(BreakerForce.Closed, _now);
        Fail(100);
        Assert.Equal((BreakerState.Closed, BreakerReason.Forced), (_breaker.Snapshot(_now).State, _breaker.Snapshot(_now).Reason));

        _breaker.Hold(BreakerForce.None, _now);
        Fail(Options.ConsecutiveFailures - 1);
        Assert.Equal((BreakerState.Closed, BreakerReason.Reset), (_breaker.Snapshot(_now).State, _breaker.Snapshot(_now).Reason));
        Fail(1);
        Assert.Equal((BreakerState.Open, BreakerReason.ConsecutiveFailures), (_breaker.Snapshot(_now).State, _breaker.Snapshot(_now).Reason));
    }

    [Fact]
    public void Reset_of_an_open_breaker_closes_it_and_it_opens_for_the_shortest_time_again()
    {
        for (var openings = 0; openings < 3; openings++)
        {
            Fail(Options.ConsecutiveFailures);
            _now = _breaker.Snapshot(_now).OpenUntil;
        }

        _breaker.Hold(BreakerForce.None, _now);
        Assert.True(_breaker.TryEnter(_now, Lease, 0.999).Allowed);
        Fail(Options.ConsecutiveFailures);
        var shown = _breaker.Snapshot(_now);
        Assert.Equal(Options.OpenFor, shown.OpenUntil - shown.Since);
    }

    [Theory]
    [InlineData(BreakerForce.None)]
    [InlineData(BreakerForce.Open)]
    [InlineData(BreakerForce.Closed)]
    public void A_probe_under_way_settles_nothing_any_more(BreakerForce force)
    {
        Fail(Options.ConsecutiveFailures);
        _now = _breaker.Snapshot(_now).OpenUntil;
        var probe = _breaker.TryEnter(_now, Lease, 0).Lease;
        Assert.True(probe.IsHeld);
        _breaker.Hold(force, _now);
        var held = _breaker.Snapshot(_now);

        _breaker.ProbeAnswered(probe, _now);
        _breaker.Record(Verdict.Failure, probe, _now, 0.5);
        Assert.Equal(held, _breaker.Snapshot(_now));
    }

    [Fact]
    public void What_was_sent_before_the_reset_tells_nothing_after_it()
    {
        var sent = Enumerable.Range(0, 10).Select(_ => _breaker.TryEnter(_now, Lease, 0).Lease).ToArray();
        _breaker.Hold(BreakerForce.None, _now);
        foreach (var lease in sent)
        {
            _breaker.Record(Verdict.Failure, lease, _now, 0.5);
        }

        Assert.Equal(BreakerState.Closed, _breaker.Snapshot(_now).State);
    }

    [Fact]
    public void A_breaker_that_is_off_can_be_held_all_the_same()
    {
        var off = new CircuitBreaker(Options with { Enabled = false });
        off.Hold(BreakerForce.Open, _now);
        Assert.False(off.TryEnter(_now, Lease, 0).Allowed);
    }

    [Fact]
    public void Changes_are_kept_up_to_fifty_and_taken_once()
    {
        for (var i = 0; i < 40; i++)
        {
            _now += TimeSpan.FromSeconds(1);
            _breaker.Hold(BreakerForce.Open, _now);
            _breaker.Hold(BreakerForce.None, _now);
        }

        var taken = _breaker.TakeTransitions(_now);
        Assert.Equal(50, taken.Length);
        Assert.Equal(new(_now, BreakerState.Open, BreakerState.Closed, BreakerReason.Reset), taken[^1]);
        Assert.Empty(_breaker.TakeTransitions(_now));
    }

    [Fact]
    public void The_end_of_a_ramp_is_a_change_of_its_own_time()
    {
        Fail(Options.ConsecutiveFailures);
        _now = _breaker.Snapshot(_now).OpenUntil;
        _breaker.ProbeAnswered(_breaker.TryEnter(_now, Lease, 0).Lease, _now);
        var answered = _now;
        _now += TimeSpan.FromHours(1);
        var end = _breaker.TakeTransitions(_now)[^1];
        Assert.Equal(new(answered + Options.RampFor, BreakerState.Ramping, BreakerState.Closed, BreakerReason.RampFinished), end);
    }

    private void Fail(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _breaker.Record(Verdict.Failure, _breaker.TryEnter(_now, Lease, 0).Lease, _now, 0.5);
        }
    }
}
