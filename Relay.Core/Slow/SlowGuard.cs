using Relay.Core.Breaker;

namespace Relay.Core.Slow;

/// <summary>
/// Finds out that a target is slow, and that it no longer is.
/// <code><![CDATA[
///   attempt --> compared with what is usual for this target --> slow: +1    not: -1/5
///                                                                      | SlowAttempts
///                                                                      v
///   avoided while another target is there (the open breaker's times) --> two probes, judged more strictly --> ramp
/// ]]></code>
/// It never refuses a request: where every target is slow, or no other is left, they are used as if nothing were. Pure: time and random
/// samples are arguments. Not thread-safe: the owner locks, each call is short.
/// </summary>
public sealed class SlowGuard
{
    /// <summary>A plain answer's first token counts as much as this many further ones.</summary>
    private const int FirstTokenUnits = 20;

    /// <summary>Of the probes so many decide: a slow target has a fast answer now and then, and the other way round.</summary>
    private const int ProbesToTell = 2;

    /// <summary>What an attempt that is not slow takes away of what a slow one adds.</summary>
    private const double Relief = 0.2;

    private readonly SlowOptions _options;
    private readonly BreakerOptions _breakerOptions;
    private readonly CircuitBreaker _breaker;
    private readonly BaselineSet _usual;
    private readonly WaitWatch _waits = new();
    private double _score;
    private int _fineProbes;
    private int _unclearProbes;
    private long _period;
    private SlowMeasure _cause;
    private bool _isHeld;

    /// <summary>Starts with no target slow.</summary>
    /// <param name="options">When an attempt is slow.</param>
    /// <param name="breaker">How long a slow target is avoided and how it comes back. Where it is off, no target is ever avoided.</param>
    /// <param name="before">What was learned under other options; null for nothing.</param>
    public SlowGuard(SlowOptions options, BreakerOptions breaker, SlowGuard? before = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(breaker);
        _options = options;
        _breakerOptions = breaker;
        _breaker = new(breaker with { ConsecutiveFailures = 1, MinimumRequests = int.MaxValue });
        _usual = before is null ? new(options) : new(options, before._usual);
    }

    /// <summary>What it shows of itself: open with the reason slow while the target is avoided.</summary>
    public BreakerSnapshot Snapshot(TimeSpan now)
    {
        var snapshot = _breaker.Snapshot(now);
        return snapshot.State == BreakerState.Open ? snapshot with { Reason = BreakerReason.Slow } : snapshot;
    }

    /// <summary>Takes the changes since this was last called, oldest first. An opening has the reason of the breaker behind it.</summary>
    public BreakerTransition[] TakeTransitions(TimeSpan now) => _breaker.TakeTransitions(now);

    /// <summary>An operator holds the target's breaker, or resets it. Held either way, no target is avoided for being slow; what is usual stays known.</summary>
    /// <param name="force">What the breaker is held at; None resets it.</param>
    /// <param name="now">The monotonic time.</param>
    public void Hold(BreakerForce force, TimeSpan now)
    {
        _breaker.Hold(force == BreakerForce.None ? BreakerForce.None : BreakerForce.Closed, now);
        _isHeld = force != BreakerForce.None;
        _period++;
        _score = 0;
        (_fineProbes, _unclearProbes) = (0, 0);
    }

    /// <summary>Should other targets come first?</summary>
    /// <param name="now">The monotonic time.</param>
    /// <param name="sample">A uniform random number in [0, 1), used while traffic is let in again.</param>
    /// <param name="until">When so: the earliest time that is worth asking again.</param>
    public bool IsAvoided(TimeSpan now, double sample, out TimeSpan until)
    {
        if (_breaker.Snapshot(now).State == BreakerState.Ramping)
        {
            until = now;
            return !_breaker.TryEnter(now, TimeSpan.Zero, sample).Allowed;
        }

        return !_breaker.CanEnter(now, out until);
    }

    /// <summary>Above this a stream's first token is slow; MaxValue as long as too little is known.</summary>
    public TimeSpan FirstTokenLimit(SlowClass @class) => _usual.FirstTokenLimit(@class);

    /// <summary>What the first token of a plain answer will have taken.</summary>
    /// <param name="took">The time of the whole answer.</param>
    /// <param name="outputTokens">How many tokens it has.</param>
    public static TimeSpan FirstTokenOf(TimeSpan took, long outputTokens) => took * FirstTokenUnits / (FirstTokenUnits + Math.Max(0, outputTokens));

    /// <summary>An attempt starts.</summary>
    /// <param name="class">What it can be compared with.</param>
    /// <param name="streams">It is to answer with a stream.</param>
    /// <param name="firstTokenMax">A first token after this is slow in any case; MaxValue for never.</param>
    /// <param name="now">The monotonic time.</param>
    /// <param name="leaseFor">How long it may take when it is the probe.</param>
    /// <param name="sample">A uniform random number in [0, 1).</param>
    public SlowTicket Enter(SlowClass @class, bool streams, TimeSpan firstTokenMax, TimeSpan now, TimeSpan leaseFor, double sample)
    {
        while (_waits.TakeOverdue(_usual, now, out var period))
        {
            Count(slow: true, period, SlowMeasure.FirstToken, now, sample);
        }

        var isDue = _breaker.Snapshot(now).State is BreakerState.Open or BreakerState.HalfOpen && _breaker.CanEnter(now, out _);
        var ticket = new SlowTicket
        {
            Class = @class,
            Period = _period,
            Since = now,
            Max = firstTokenMax,
            Streams = streams,
            Watch = WaitWatch.None,
            Lease = isDue ? _breaker.TryEnter(now, leaseFor, sample).Lease : default,
        };
        if (streams && _options.Enabled)
        {
            _waits.Add(ref ticket);
        }

        return ticket;
    }

    /// <summary>The first token of a stream came.</summary>
    /// <param name="ticket">The attempt.</param>
    /// <param name="waited">How long it took.</param>
    /// <param name="alone">One slow attempt is enough, as with the probe of a breaker that was open for another reason.</param>
    /// <param name="now">The monotonic time.</param>
    /// <param name="sample">A uniform random number in [0, 1).</param>
    public void FirstToken(ref SlowTicket ticket, TimeSpan waited, bool alone, TimeSpan now, double sample)
    {
        ticket.Answers = true;
        ticket.IsSlow |= _waits.Remove(ref ticket);
        Judge(ref ticket, ticket.Class.Index, waited, waited > ticket.Max, SlowMeasure.FirstToken, alone, now, sample);
    }

    /// <summary>A stream has shown how fast it goes on.</summary>
    /// <param name="ticket">The attempt.</param>
    /// <param name="mean">The mean time between two of its tokens.</param>
    /// <param name="now">The monotonic time.</param>
    /// <param name="sample">A uniform random number in [0, 1).</param>
    public void InterToken(ref SlowTicket ticket, TimeSpan mean, TimeSpan now, double sample) =>
        Judge(ref ticket, BaselineSet.InterToken, mean, isOver: false, SlowMeasure.InterToken, alone: false, now, sample);

    /// <summary>A plain answer is complete.</summary>
    /// <param name="ticket">The attempt.</param>
    /// <param name="took">How long it took.</param>
    /// <param name="outputTokens">How many tokens it has.</param>
    /// <param name="now">The monotonic time.</param>
    /// <param name="sample">A uniform random number in [0, 1).</param>
    public void Plain(ref SlowTicket ticket, TimeSpan took, long outputTokens, TimeSpan now, double sample)
    {
        ticket.Answers = true;
        _usual.Review(now);
        var units = FirstTokenUnits + Math.Max(0, outputTokens);
        var unit = took / units;
        var enough = (unit - _usual.Median(BaselineSet.PlainUnit)) * units >= _options.MinDifference;
        var isSlow = enough && unit > _usual.Limit(BaselineSet.PlainUnit, ticket.IsProbe);
        _usual.Learn(BaselineSet.PlainWhole, took, !isSlow && IsInUse(now), now);
        _usual.Learn(BaselineSet.PlainUnit, unit, !isSlow && IsInUse(now), now);
        Tell(ref ticket, isSlow, SlowMeasure.Plain, alone: false, now, sample);
    }

    /// <summary>The attempt is over.</summary>
    /// <param name="ticket">The attempt.</param>
    /// <param name="answered">It ended well.</param>
    /// <param name="waitedFor">When it was given up on without anything having come: how long it had waited; otherwise null.</param>
    /// <param name="now">The monotonic time.</param>
    /// <param name="sample">A uniform random number in [0, 1).</param>
    public void Leave(ref SlowTicket ticket, bool answered, TimeSpan? waitedFor, TimeSpan now, double sample)
    {
        ticket.IsSlow |= _waits.Remove(ref ticket);
        if (waitedFor is { } waited && !ticket.Answers)
        {
            // How long it would have taken is not known, only that it is more: slow when that much is slow already.
            var place = ticket.Streams ? ticket.Class.Index : BaselineSet.PlainWhole;
            var isSlow = waited > _usual.Limit(place, probe: false) || (ticket.Streams && waited > ticket.Max);
            if (isSlow)
            {
                _usual.Learn(place, waited, isUsual: false, now);
                Tell(ref ticket, slow: true, ticket.Streams ? SlowMeasure.FirstToken : SlowMeasure.Plain, alone: false, now, sample);
            }
        }

        if (ticket.IsProbe)
        {
            Settle(ref ticket, answered ? Verdict.Success : Verdict.Neutral, now, sample);
        }
    }

    private void Judge(ref SlowTicket ticket, int place, TimeSpan value, bool isOver, SlowMeasure measure, bool alone, TimeSpan now, double sample)
    {
        _usual.Review(now);
        var isSlow = isOver || value > _usual.Limit(place, probe: false);
        _usual.Learn(place, value, !isSlow && IsInUse(now), now);
        if (ticket.IsProbe && measure == _cause && !isSlow && value > _usual.Limit(place, probe: true))
        {
            // Neither slow nor clearly as usual.
            Settle(ref ticket, ++_unclearProbes < ProbesToTell ? Verdict.Neutral : Verdict.Failure, now, sample);
            return;
        }

        Tell(ref ticket, isSlow, measure, alone, now, sample);
    }

    /// <summary>Nothing is learned as usual from a target that is avoided.</summary>
    private bool IsInUse(TimeSpan now) => _breaker.Snapshot(now).State is BreakerState.Closed or BreakerState.Ramping;

    private void Tell(ref SlowTicket ticket, bool slow, SlowMeasure measure, bool alone, TimeSpan now, double sample)
    {
        slow &= _options.Enabled;
        var wasSlow = ticket.IsSlow;
        ticket.IsSlow |= slow;
        if (!ticket.IsProbe)
        {
            // Told once is enough; and tokens that come fast make up for no slow first one.
            if (slow ? !wasSlow : measure != SlowMeasure.InterToken)
            {
                Count(slow, ticket.Period, measure, now, sample, alone);
            }
        }
        else if (slow)
        {
            _cause = measure;
            Settle(ref ticket, Verdict.Failure, now, sample);
        }
        else if (measure != SlowMeasure.FirstToken || _cause != SlowMeasure.InterToken)
        {
            // A target whose tokens came too slowly is judged by them, not by its first one.
            Settle(ref ticket, Verdict.Success, now, sample);
        }
    }

    private void Settle(ref SlowTicket probe, Verdict verdict, TimeSpan now, double sample)
    {
        var before = _breaker.Snapshot(now);
        _fineProbes += verdict == Verdict.Success ? 1 : 0;
        _breaker.Record(verdict == Verdict.Success && _fineProbes < ProbesToTell ? Verdict.Neutral : verdict, probe.Lease, now, sample);
        probe.Lease = default;
        var after = _breaker.Snapshot(now);
        if (after.Opened != before.Opened)
        {
            Tripped(now);
        }
        else if (before.State == BreakerState.HalfOpen && after.State != BreakerState.HalfOpen)
        {
            // On probation: a few slow ones are enough.
            _score = Math.Max(0, _options.SlowAttempts - 2);
        }
    }

    /// <summary>What was sent before the target was found slow tells nothing new, nor does what is sent while it is avoided.</summary>
    private void Count(bool slow, long period, SlowMeasure measure, TimeSpan now, double sample, bool alone = false)
    {
        if (period != _period || _isHeld || !IsInUse(now))
        {
            return;
        }

        _score = slow ? alone ? _options.SlowAttempts : _score + 1 : Math.Max(0, _score - Relief);
        if (_score >= _options.SlowAttempts && _breakerOptions.Enabled)
        {
            _cause = measure;
            _breaker.Record(Verdict.Failure, default, now, sample);
            Tripped(now);
        }
    }

    private void Tripped(TimeSpan now)
    {
        _period++;
        _score = 0;
        (_fineProbes, _unclearProbes) = (0, 0);
        _usual.Tripped(now);
    }
}
