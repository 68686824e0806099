using Relay.Core.Breaker;
using Relay.Gateway.Telemetry;
using Relay.Silo.Grains;

namespace Relay.Gateway.Routing;

/// <content>What an operator decided for its breaker, and how the breaker changed.</content>
internal partial class TargetState
{
    private readonly BreakerHistory _history;
    private BreakerDecision _heldBy;
    private int _untold;

    /// <summary>The operator's decision that it follows.</summary>
    public BreakerDecision HeldBy
    {
        get
        {
            lock (_gate)
            {
                return _heldBy;
            }
        }
    }

    /// <summary>True for one caller after each opening of the breaker: the first request that it keeps away tells of it, not each of them.</summary>
    public bool TakeUntoldOpening() => Volatile.Read(ref _untold) != 0 && Interlocked.Exchange(ref _untold, 0) != 0;

    /// <summary>Follows an operator's decision, unless it follows a later one already. The flusher calls it.</summary>
    public void Follow(BreakerDecision decision)
    {
        if (decision.Version <= HeldBy.Version)
        {
            return;
        }

        Hold(decision, Monotonic.Now(_time));
        if (decision.Force == BreakerForce.None)
        {
            Log.BreakerReset(_log, Name);
        }
        else
        {
            Log.BreakerHeld(_log, Name, decision.Force.Label());
        }
    }

    /// <summary>The changes of its breaker since this was last called, oldest first. The flusher calls it.</summary>
    public IReadOnlyList<BreakerChange> TakeChanges()
    {
        var now = Monotonic.Now(_time);
        BreakerTransition[] own;
        lock (_gate)
        {
            own = _breaker.TakeTransitions(now);
        }

        var changes = _history.Merge(own, Speed.TakeTransitions(now));
        if (changes.Count == 0)
        {
            return [];
        }

        var utc = _time.GetUtcNow();
        return [.. changes.Select(change => new BreakerChange(utc - (now - change.At), change.From, change.To, change.Reason))];
    }

    private void Hold(BreakerDecision decision, TimeSpan now)
    {
        lock (_gate)
        {
            _heldBy = decision;
            _breaker.Hold(decision.Force, now);
            Publish_NeedsLock(now);
        }

        Volatile.Write(ref _untold, decision.Force == BreakerForce.Open ? 1 : 0);

        Speed.Hold(decision.Force, now);
    }

    /// <summary>From how it starts: what it took over is no change.</summary>
    private BreakerHistory StartHistory(TimeSpan now)
    {
        _breaker.TakeTransitions(now);
        Speed.TakeTransitions(now);
        return new(_breaker.Snapshot(now), Speed.Snapshot(now));
    }
}
