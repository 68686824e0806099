namespace Relay.Core.Breaker;

/// <summary>
/// The circuit breaker of one target.
/// <code><![CDATA[
///          3 in a row, or half of 10+          open time passed
///   Closed --------------------------> Open -------------------> HalfOpen: one probe lease
///     ^                                 ^                          |        |
///     | ramp is over                    +------ probe failed ------+        |
///     |                                                                     |
///   Ramping <------------------- probe answered ----------------------------+
///
///   held: Open, and never probed | Closed, and nothing counted     reset: Closed
/// ]]></code>
/// Pure: time and the random sample are arguments. Not thread-safe: the owner locks, each call is short.
/// </summary>
public sealed partial class CircuitBreaker
{
    private readonly BreakerOptions _options;
    private readonly OutcomeWindow _outcomes;
    private readonly OutcomeWindow _asks = new(TimeSpan.FromSeconds(2));
    private readonly TransitionLog _transitions = new();

    private BreakerState _state;
    private BreakerReason _reason;
    private TimeSpan _since;
    private TimeSpan _openUntil;
    private ProbeLease _lease;
    private long _leases;
    private long _answered;
    private long _opened;
    private long _period = 1;
    private int _consecutive;
    private int _openingsInARow;
    private BreakerForce _force;

    /// <summary>Creates a closed breaker.</summary>
    public CircuitBreaker(BreakerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _outcomes = new OutcomeWindow(options.Window);
    }

    /// <summary>What it shows of itself at <paramref name="now"/>.</summary>
    public BreakerSnapshot Snapshot(TimeSpan now)
    {
        FinishRamp(now);
        return new(_state, _reason, _since, _state == BreakerState.Open ? _openUntil : _since, _opened, _force);
    }

    /// <summary>Takes the changes since this was last called, oldest first; at most the latest <see cref="TransitionLog.Max"/>.</summary>
    /// <param name="now">The monotonic time.</param>
    public BreakerTransition[] TakeTransitions(TimeSpan now)
    {
        FinishRamp(now);
        return _transitions.Take();
    }

    /// <summary>An operator holds it open or closed, or resets it. Everything counted is forgotten, and what is under way says nothing any more.</summary>
    /// <param name="force">What it is held at; None resets it: closed, and on its own again.</param>
    /// <param name="now">The monotonic time.</param>
    public void Hold(BreakerForce force, TimeSpan now)
    {
        FinishRamp(now);
        _force = force;
        _period++;
        _lease = default;
        _answered = 0;
        _outcomes.Clear();
        _consecutive = 0;
        _openingsInARow = 0;
        _openUntil = TimeSpan.MaxValue;
        Enter(force == BreakerForce.Open ? BreakerState.Open : BreakerState.Closed, force == BreakerForce.None ? BreakerReason.Reset : BreakerReason.Forced, now);
    }

    /// <summary>May a request go to the target?</summary>
    /// <param name="now">The monotonic time.</param>
    /// <param name="leaseFor">How long a probe may take: the attempt's own limit.</param>
    /// <param name="sample">A uniform random number in [0, 1), used while ramping.</param>
    public BreakerAdmission TryEnter(TimeSpan now, TimeSpan leaseFor, double sample)
    {
        _asks.Add(good: true, now);
        FinishRamp(now);
        switch (_state)
        {
            case BreakerState.Closed:
                return LetIn(now);
            case BreakerState.Ramping:
                return sample < RampShare(now) ? LetIn(now) : new(false, default, now);
            case BreakerState.Open when now < _openUntil:
                return new(false, default, _openUntil);
            case BreakerState.HalfOpen when _lease.IsHeld && now < _lease.ExpiresAt:
                return new(false, default, _lease.ExpiresAt);
            default:
                return GrantProbe(now, leaseFor);
        }
    }

    /// <summary>Would <see cref="TryEnter"/> let a request through, as far as can be told without taking a lease? Used to plan, changes nothing.</summary>
    /// <param name="now">The monotonic time.</param>
    /// <param name="retryAt">When not: the earliest time that is worth asking again.</param>
    public bool CanEnter(TimeSpan now, out TimeSpan retryAt)
    {
        retryAt = _state switch
        {
            BreakerState.Open => _openUntil,
            BreakerState.HalfOpen when _lease.IsHeld => _lease.ExpiresAt,
            _ => now,
        };
        return retryAt <= now;
    }

    /// <summary>Settles a probe as soon as it shows life, at its first token. The request's own verdict still follows through <see cref="Record"/>.</summary>
    /// <param name="lease">The lease that <see cref="TryEnter"/> gave; one that is no longer the live one is ignored.</param>
    /// <param name="now">The monotonic time.</param>
    public void ProbeAnswered(ProbeLease lease, TimeSpan now)
    {
        if (IsLive(lease))
        {
            _answered = lease.Id;
            Close(now);
        }
    }

    /// <summary>Records what a request says about the target, and settles its lease when it holds one.</summary>
    /// <param name="verdict">The verdict; <see cref="Verdict.Neutral"/> changes no state and gives the lease back.</param>
    /// <param name="lease">What <see cref="TryEnter"/> gave with the request; none counts the verdict as one of now.</param>
    /// <param name="now">The monotonic time.</param>
    /// <param name="sample">A uniform random number in [0, 1), used to spread the open time.</param>
    public void Record(Verdict verdict, ProbeLease lease, TimeSpan now, double sample)
    {
        FinishRamp(now);
        if (IsLive(lease))
        {
            SettleProbe(verdict, now, sample);
            return;
        }

        // Requests sent before the trip tell nothing new, neither while it lasts nor after it.
        if (IsStale(lease))
        {
            return;
        }

        // A probe that answered is heard once more, with its request's own verdict.
        _answered = lease.IsHeld ? 0 : _answered;
        if (verdict == Verdict.Neutral || _force != BreakerForce.None || _state is BreakerState.Open or BreakerState.HalfOpen)
        {
            return;
        }

        _outcomes.Add(verdict == Verdict.Success, now);
        if (verdict == Verdict.Success)
        {
            _consecutive = 0;
            return;
        }

        _consecutive++;
        if (TripReason() is { } reason)
        {
            Open(reason, now, sample);
        }
    }

    private BreakerReason? TripReason()
    {
        if (!_options.Enabled)
        {
            return null;
        }

        if (_consecutive >= _options.ConsecutiveFailures)
        {
            return BreakerReason.ConsecutiveFailures;
        }

        var enough = _outcomes.Total >= _options.MinimumRequests;

        // Divided, not multiplied: 7 of 100 is 0.07, while 0.07 * 100 is more than 7.
        return enough && (double)_outcomes.Bad / _outcomes.Total >= _options.FailureRatio ? BreakerReason.FailureRatio : null;
    }

    private void SettleProbe(Verdict verdict, TimeSpan now, double sample)
    {
        switch (verdict)
        {
            case Verdict.Success:
                Close(now);
                _consecutive = 0;
                break;
            case Verdict.Failure:
                Open(BreakerReason.ProbeFailed, now, sample);
                break;
            default:
                _lease = default;
                break;
        }
    }

    private BreakerAdmission LetIn(TimeSpan now) => new(true, new ProbeLease { Period = _period }, now);

    private BreakerAdmission GrantProbe(TimeSpan now, TimeSpan leaseFor)
    {
        if (_state == BreakerState.Open)
        {
            Enter(BreakerState.HalfOpen, BreakerReason.ProbeGranted, now);
        }

        _lease = new ProbeLease(++_leases, now + leaseFor) { Period = _period };
        return new(true, _lease, now);
    }

    private void Open(BreakerReason reason, TimeSpan now, double sample)
    {
        _openingsInARow = Math.Min(_openingsInARow + 1, 31);
        var ticks = Math.Min(_options.OpenFor.Ticks * (double)(1L << (_openingsInARow - 1)), _options.OpenForMax.Ticks);
        var spread = 1 + (_options.Jitter * ((2 * sample) - 1));
        _openUntil = now + TimeSpan.FromTicks((long)(ticks * spread));
        _opened++;
        _period++;
        _lease = default;
        _answered = 0;
        Enter(BreakerState.Open, reason, now);
    }

    /// <summary>Closes, on probation: until a whole request succeeds, one more failure opens it again; during the ramp for longer.</summary>
    private void Close(TimeSpan now)
    {
        _lease = default;
        _outcomes.Clear();
        _consecutive = _options.ConsecutiveFailures - 1;
        Enter(BreakerState.Ramping, BreakerReason.ProbeSucceeded, now);
    }

    private void FinishRamp(TimeSpan now)
    {
        if (_state == BreakerState.Ramping && now - _since >= _options.RampFor)
        {
            // At the time that it was over, whoever looks first and whenever.
            _openingsInARow = 0;
            Enter(BreakerState.Closed, BreakerReason.RampFinished, _since + _options.RampFor);
        }
    }

    private double RampShare(TimeSpan now)
    {
        var askedPerSecond = _asks.Total / 2.0;
        return askedPerSecond <= _options.RampAboveRequestsPerSecond
            ? 1
            : Math.Max(0.1, (now - _since) / _options.RampFor);
    }

    /// <summary>Of a probe that another one replaced, or of a request that was let in before the last trip.</summary>
    private bool IsStale(ProbeLease lease) =>
        lease.IsHeld ? lease.Id != _answered : lease.Period != 0 && lease.Period != _period;

    private bool IsLive(ProbeLease lease) => lease.IsHeld && _state == BreakerState.HalfOpen && lease.Id == _lease.Id;

    private void Enter(BreakerState state, BreakerReason reason, TimeSpan now)
    {
        _transitions.Add(new(now, _state, state, reason));
        _state = state;
        _reason = reason;
        _since = now;
    }
}
