using Microsoft.Extensions.Logging;
using Relay.Core.Attempts;
using Relay.Core.Breaker;
using Relay.Core.Slow;
using Relay.Gateway.Recording;
using Relay.Gateway.Telemetry;
using Relay.Silo.Grains;

namespace Relay.Gateway.Routing;

/// <summary>What this gateway knows of a target at run time: breaker, retry budget, Retry-After, meter. Survives a change of configuration that leaves its breaker options as they are. Thread-safe; each lock is short.</summary>
internal partial class TargetState
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Sampler _sampler;
    private readonly ILogger _log;
    private readonly CircuitBreaker _breaker;
    private readonly RetryBudget _retries = new();
    private readonly ClusterHold _cluster = new();
    private TimeSpan _notBefore;
    private long _availableAtTicks;
    private long _lastRequestTicks;

    /// <summary>Starts with a closed breaker.</summary>
    /// <param name="name">The target's name.</param>
    /// <param name="breaker">What its breaker is made with.</param>
    /// <param name="slow">When its attempts are slow.</param>
    /// <param name="time">The clock.</param>
    /// <param name="sampler">For jitter.</param>
    /// <param name="log">Told when the breaker opens and closes.</param>
    /// <param name="before">The state of the same target under other breaker options: its figures and its Retry-After go on.</param>
    public TargetState(string name, BreakerOptions breaker, SlowOptions slow, TimeProvider time, Sampler sampler, ILogger log, TargetState? before = null)
    {
        Name = name;
        BreakerOptions = breaker;
        _breaker = new CircuitBreaker(breaker);
        _time = time;
        _sampler = sampler;
        _log = log;
        Speed = new(name, slow, breaker, sampler, log, before?.Speed);
        _lastRequestTicks = before?._lastRequestTicks ?? 0;
        Limits = before?.Limits ?? new();
        Meter = before?.Meter ?? new();
        RefusesPrefill = before?.RefusesPrefill ?? false;
        _notBefore = before?.NotBefore ?? TimeSpan.Zero;
        _availableAtTicks = _notBefore.Ticks;
        _heldBy = before?.HeldBy ?? default;
        if (_heldBy.Force != BreakerForce.None)
        {
            Hold(_heldBy, Monotonic.Now(time));
        }

        _history = StartHistory(Monotonic.Now(time));
    }

    /// <summary>The target's name.</summary>
    public string Name { get; }

    /// <summary>What its breaker was made with.</summary>
    public BreakerOptions BreakerOptions { get; }

    /// <summary>How fast it is.</summary>
    public TargetSpeed Speed { get; }

    /// <summary>What it told of its provider's limits.</summary>
    public TargetLimits Limits { get; }

    /// <summary>Its attempts.</summary>
    public MeterShards Meter { get; }

    /// <summary>It refused a request with an assistant's message at the end; learned, and kept until the process ends.</summary>
    public bool RefusesPrefill { get; set => Volatile.Write(ref field, value); }

    /// <summary>From when it takes requests: in the past when it does. Takes no lock, since every request asks every target of its model.</summary>
    public TimeSpan AvailableAt => TimeSpan.FromTicks(Interlocked.Read(ref _availableAtTicks));

    /// <summary>From when it is as good as any other: not while it is slow or near a limit of its provider.</summary>
    public TimeSpan PreferredAt(TimeSpan now)
    {
        var (speed, limits) = (Speed.PreferredAt(now), Limits.Until);
        return speed > limits ? speed : limits;
    }

    /// <summary>Until when its Retry-After holds it back; in the past when it does not.</summary>
    public TimeSpan NotBefore
    {
        get
        {
            lock (_gate)
            {
                return _notBefore;
            }
        }
    }

    /// <summary>May a request go there now?</summary>
    public virtual BreakerAdmission TryEnter(TimeSpan now, TimeSpan leaseFor)
    {
        lock (_gate)
        {
            if (_notBefore > now)
            {
                return new(false, default, _notBefore);
            }

            if (_breaker.IsShut && _breaker.CanEnter(now, out _) && !_cluster.MayProbe(now, leaseFor))
            {
                return new(false, default, now);
            }

            var entry = _breaker.TryEnter(now, leaseFor, _sampler.Next());
            Publish_NeedsLock(now);
            return entry;
        }
    }

    /// <summary>When a client's request went there last; zero for never.</summary>
    public TimeSpan LastRequestAt => TimeSpan.FromTicks(Interlocked.Read(ref _lastRequestTicks));

    /// <summary>Counts a request that goes there, for the retry budget.</summary>
    public virtual void CountRequest(TimeSpan now)
    {
        Interlocked.Exchange(ref _lastRequestTicks, now.Ticks);
        lock (_gate)
        {
            _retries.CountRequest(now);
        }
    }

    /// <summary>Takes one retry from its budget.</summary>
    public virtual bool TryTakeRetry(RetryOptions options, TimeSpan now)
    {
        lock (_gate)
        {
            return _retries.TryTake(options, now);
        }
    }

    /// <summary>Gives an unused retry back.</summary>
    public virtual void ReturnRetry(TimeSpan now)
    {
        lock (_gate)
        {
            _retries.Return(now);
        }
    }

    /// <summary>Leaves it alone for a while. A later end wins.</summary>
    public virtual void LeaveAlone(TimeSpan now, TimeSpan wait)
    {
        lock (_gate)
        {
            var until = now + wait;
            _notBefore = until > _notBefore ? until : _notBefore;
            Publish_NeedsLock(now);
        }
    }

    /// <summary>The probe shows life.</summary>
    public virtual void ProbeAnswered(ProbeLease lease)
    {
        var now = Monotonic.Now(_time);
        BreakerSnapshot before, after;
        lock (_gate)
        {
            before = _breaker.Snapshot(now);
            _breaker.ProbeAnswered(lease, now);
            Publish_NeedsLock(now);
            after = _breaker.Snapshot(now);
        }

        Tell(before, after);
    }

    /// <summary>A request is through with this target.</summary>
    public virtual void Record(Verdict verdict, ProbeLease lease)
    {
        var now = Monotonic.Now(_time);
        BreakerSnapshot before, after;
        lock (_gate)
        {
            before = _breaker.Snapshot(now);
            _breaker.Record(verdict, lease, now, _sampler.Next());
            Publish_NeedsLock(now);
            after = _breaker.Snapshot(now);
        }

        Tell(before, after);
    }

    /// <summary>What to say of the breaker to the other gateways.</summary>
    public BreakerAsk AskCluster()
    {
        var now = Monotonic.Now(_time);
        lock (_gate)
        {
            return _cluster.Ask(_breaker.Snapshot(now), now);
        }
    }

    /// <summary>Keeps the breaker in step with those of the other gateways.</summary>
    /// <param name="view">How the cluster stands with the target.</param>
    /// <param name="isAnswer">It came for a delta; otherwise it was pushed.</param>
    public void Follow(in ClusterView view, bool isAnswer)
    {
        var now = Monotonic.Now(_time);
        BreakerSnapshot before, after;
        lock (_gate)
        {
            before = _breaker.Snapshot(now);
            _cluster.Take(view, _breaker, isAnswer, now);
            Publish_NeedsLock(now);
            after = _breaker.Snapshot(now);
        }

        Tell(before, after);
    }

    /// <summary>The breaker in wall-clock time.</summary>
    public BreakerReport ReportBreaker()
    {
        var now = Monotonic.Now(_time);
        BreakerSnapshot b;
        BreakerDecision decision;
        lock (_gate)
        {
            b = _breaker.Snapshot(now);
            decision = _heldBy;
        }

        b = BreakerHistory.Worse(b, Speed.Snapshot(now));
        var utc = _time.GetUtcNow();
        var open = b.State == BreakerState.Open && b.Force == BreakerForce.None ? utc + (b.OpenUntil - now) : (DateTimeOffset?)null;
        return new(b.State, b.Reason, utc - (now - b.Since), open, b.Opened) { Decision = decision };
    }

    /// <summary>The state of the breaker alone, whatever is slow.</summary>
    internal BreakerState OwnBreakerState
    {
        get
        {
            lock (_gate)
            {
                return _breaker.Snapshot(Monotonic.Now(_time)).State;
            }
        }
    }

    private void Publish_NeedsLock(TimeSpan now)
    {
        var at = _breaker.CanEnter(now, out var breakerAt) || breakerAt < _notBefore ? _notBefore : breakerAt;
        Interlocked.Exchange(ref _availableAtTicks, at.Ticks);
    }

    private void Tell(in BreakerSnapshot before, in BreakerSnapshot after)
    {
        if (after.Opened != before.Opened)
        {
            Volatile.Write(ref _untold, 1);
            Log.BreakerOpened(_log, Name, after.Reason.ToString());
        }
        else if (before.State is BreakerState.HalfOpen or BreakerState.Open && after.State is BreakerState.Ramping or BreakerState.Closed)
        {
            Log.BreakerClosed(_log, Name, after.Reason.ToString());
        }
    }
}
