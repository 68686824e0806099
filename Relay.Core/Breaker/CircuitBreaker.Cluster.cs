namespace Relay.Core.Breaker;

/// <content>What a breaker takes over from those of other gateways.</content>
public sealed partial class CircuitBreaker
{
    /// <summary>How often it opened by its own outcomes.</summary>
    public long Opened => _opened;

    /// <summary>True while it keeps requests away, be it for all but a probe.</summary>
    public bool IsShut => _state is BreakerState.Open or BreakerState.HalfOpen;

    /// <summary>Opens because another gateway's did, or stays open as long. A probe that is under way goes on.</summary>
    /// <param name="until">When a probe may go; a later end wins.</param>
    /// <param name="now">The monotonic time.</param>
    public void Follow(TimeSpan until, TimeSpan now)
    {
        FinishRamp(now);
        switch (_state)
        {
            case var _ when _force != BreakerForce.None:
                return;
            case BreakerState.HalfOpen when _lease.IsHeld && now < _lease.ExpiresAt:
                return;
            case BreakerState.Open:
                _openUntil = until > _openUntil ? until : _openUntil;
                return;
            default:
                _openUntil = until;
                _period++;
                _lease = default;
                _answered = 0;
                Enter(BreakerState.Open, BreakerReason.Cluster, now);
                return;
        }
    }

    /// <summary>Closes because another gateway's probe was answered; as after a probe of its own, on probation.</summary>
    /// <param name="now">The monotonic time.</param>
    public void Release(TimeSpan now)
    {
        if (_force != BreakerForce.None)
        {
            return;
        }

        if (_state == BreakerState.Open || (_state == BreakerState.HalfOpen && !(_lease.IsHeld && now < _lease.ExpiresAt)))
        {
            _answered = 0;
            Close(now);
        }
    }
}
