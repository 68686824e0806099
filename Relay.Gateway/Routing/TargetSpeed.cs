using Microsoft.Extensions.Logging;
using Relay.Core.Breaker;
using Relay.Core.Latency;
using Relay.Core.Slow;
using Relay.Gateway.Telemetry;

namespace Relay.Gateway.Routing;

/// <summary>How fast a target is, and whether others should come first because of it. Thread-safe; each lock is short.</summary>
internal sealed class TargetSpeed
{
    /// <summary>Published while traffic is let in step by step: then only the guard can say.</summary>
    private const long AskTheGuard = long.MaxValue;

    /// <summary>What a target is taken for that has failed before it ever answered.</summary>
    private static readonly TimeSpan Unproven = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly string _name;
    private readonly Sampler _sampler;
    private readonly ILogger _log;
    private readonly SlowGuard _guard;
    private long _preferredAtTicks;
    private DecayedPeak _firstToken;
    private long _peakTicks;
    private long _peakAtTicks;
    private int _waiting;

    /// <summary>Starts with what was learned before, and preferred.</summary>
    public TargetSpeed(string name, SlowOptions options, BreakerOptions breaker, Sampler sampler, ILogger log, TargetSpeed? before)
    {
        _name = name;
        _sampler = sampler;
        _log = log;
        Options = options;
        if (before is null)
        {
            _guard = new(options, breaker);
            return;
        }

        lock (before._gate)
        {
            Take_NeedsLock(before._firstToken);
            _guard = new(options, breaker, before._guard);
        }
    }

    /// <summary>When an attempt is slow.</summary>
    public SlowOptions Options { get; }

    /// <summary>From when it is as good as any other target: in the past when it is. Takes a lock only while it comes back.</summary>
    public TimeSpan PreferredAt(TimeSpan now)
    {
        var ticks = Interlocked.Read(ref _preferredAtTicks);
        if (ticks != AskTheGuard)
        {
            return TimeSpan.FromTicks(ticks);
        }

        lock (_gate)
        {
            var isAvoided = _guard.IsAvoided(now, _sampler.Next(), out _);
            Publish_NeedsLock(now);
            return isAvoided ? TimeSpan.MaxValue : now;
        }
    }

    /// <summary>What one more request has to expect, see <see cref="DecayedPeak.Cost"/>. Takes no lock: a peak that is read with the time of the one before it is wrong by less than any noise.</summary>
    public double Cost(TimeSpan now) => new DecayedPeak(TimeSpan.FromTicks(Interlocked.Read(ref _peakTicks)), TimeSpan.FromTicks(Interlocked.Read(ref _peakAtTicks)))
        .Cost(Volatile.Read(ref _waiting), now);

    /// <summary>The guard's part of the breaker that is shown.</summary>
    public BreakerSnapshot Snapshot(TimeSpan now)
    {
        lock (_gate)
        {
            return _guard.Snapshot(now);
        }
    }

    /// <summary>The changes of the guard's part since this was last called, oldest first.</summary>
    public BreakerTransition[] TakeTransitions(TimeSpan now)
    {
        lock (_gate)
        {
            return _guard.TakeTransitions(now);
        }
    }

    /// <summary>An operator holds the target's breaker, or resets it.</summary>
    public void Hold(BreakerForce force, TimeSpan now)
    {
        lock (_gate)
        {
            _guard.Hold(force, now);
            Publish_NeedsLock(now);
        }
    }

    /// <summary>An attempt starts.</summary>
    public SlowTicket Enter(SlowClass @class, bool streams, TimeSpan firstTokenMax, TimeSpan now, TimeSpan leaseFor)
    {
        BreakerSnapshot before, after;
        SlowTicket ticket;
        Interlocked.Increment(ref _waiting);
        lock (_gate)
        {
            before = _guard.Snapshot(now);
            ticket = _guard.Enter(@class, streams, firstTokenMax, now, leaseFor, _sampler.Next());
            after = Publish_NeedsLock(now);
        }

        Tell(before, after);
        return ticket;
    }

    /// <summary>The first token of a stream came.</summary>
    public void FirstToken(ref SlowTicket ticket, TimeSpan waited, bool alone, TimeSpan now)
    {
        BreakerSnapshot before, after;
        Interlocked.Decrement(ref _waiting);
        lock (_gate)
        {
            Observe_NeedsLock(waited, now);
            before = _guard.Snapshot(now);
            _guard.FirstToken(ref ticket, waited, alone, now, _sampler.Next());
            after = Publish_NeedsLock(now);
        }

        Tell(before, after);
    }

    /// <summary>A stream has shown how fast it goes on.</summary>
    public void InterToken(ref SlowTicket ticket, TimeSpan mean, TimeSpan now)
    {
        BreakerSnapshot before, after;
        lock (_gate)
        {
            before = _guard.Snapshot(now);
            _guard.InterToken(ref ticket, mean, now, _sampler.Next());
            after = Publish_NeedsLock(now);
        }

        Tell(before, after);
    }

    /// <summary>The attempt is over.</summary>
    /// <param name="ticket">The attempt.</param>
    /// <param name="end">How it ended.</param>
    /// <param name="now">The monotonic time.</param>
    public void Leave(ref SlowTicket ticket, in SpeedEnd end, TimeSpan now)
    {
        BreakerSnapshot before, after;
        if (!end.HadToken)
        {
            Interlocked.Decrement(ref _waiting);
        }

        lock (_gate)
        {
            if (!end.HadToken && end.Tells)
            {
                ObserveEnd_NeedsLock(end, now);
            }

            before = _guard.Snapshot(now);
            if (end is { PlainTokens: { } tokens, IsCounted: true })
            {
                _guard.Plain(ref ticket, end.Took, tokens, now, _sampler.Next());
            }

            _guard.Leave(ref ticket, end.Answered, end.GaveUp ? end.Took : null, now, _sampler.Next());
            after = Publish_NeedsLock(now);
        }

        Tell(before, after);
    }

    /// <summary>An answer that is no stream tells how long its first token took, by its length; who gave up, that it takes longer; and what failed, nothing, but it is known then.</summary>
    private void ObserveEnd_NeedsLock(in SpeedEnd end, TimeSpan now)
    {
        if (end.Answered)
        {
            Observe_NeedsLock(SlowGuard.FirstTokenOf(end.Took, end.PlainTokens ?? 0), now);
        }
        else if (end.GaveUp)
        {
            Observe_NeedsLock(end.Took > _firstToken.Value ? end.Took : _firstToken.Value, now);
        }
        else if (!_firstToken.IsMeasured)
        {
            Observe_NeedsLock(Unproven, now);
        }
    }

    private void Observe_NeedsLock(TimeSpan firstToken, TimeSpan now) => Take_NeedsLock(_firstToken.Observe(firstToken, now));

    private void Take_NeedsLock(in DecayedPeak peak)
    {
        _firstToken = peak;
        Interlocked.Exchange(ref _peakTicks, _firstToken.Value.Ticks);
        Interlocked.Exchange(ref _peakAtTicks, _firstToken.At.Ticks);
    }

    private BreakerSnapshot Publish_NeedsLock(TimeSpan now)
    {
        var snapshot = _guard.Snapshot(now);
        var until = TimeSpan.Zero;
        var ticks = snapshot.State switch
        {
            BreakerState.Ramping => AskTheGuard,
            BreakerState.Closed => 0,
            _ => _guard.IsAvoided(now, sample: 0, out until) ? until.Ticks : 0,
        };
        Interlocked.Exchange(ref _preferredAtTicks, ticks);
        return snapshot;
    }

    private void Tell(in BreakerSnapshot before, in BreakerSnapshot after)
    {
        if (after.Opened != before.Opened)
        {
            Log.BreakerOpened(_log, _name, after.Reason.ToString());
        }
        else if (before.State == BreakerState.HalfOpen && after.State is BreakerState.Ramping or BreakerState.Closed)
        {
            Log.BreakerClosed(_log, _name, after.Reason.ToString());
        }
    }
}

/// <summary>How an attempt ended, as far as its speed goes.</summary>
/// <param name="Answered">It ended well.</param>
/// <param name="GaveUp">Its client left, or a limit of Relay's was hit.</param>
/// <param name="Took">How long it took.</param>
/// <param name="HadToken">A first token came.</param>
/// <param name="PlainTokens">The tokens of a plain chat answer; null for anything else.</param>
/// <param name="IsCounted">They were reported, not estimated.</param>
internal readonly record struct SpeedEnd(bool Answered, bool GaveUp, TimeSpan Took, bool HadToken, long? PlainTokens, bool IsCounted)
{
    /// <summary>False when nothing was sent, or nobody knows how it ended.</summary>
    public bool Tells { get; init; } = true;
}
