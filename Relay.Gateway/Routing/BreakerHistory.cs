using Relay.Core.Breaker;

namespace Relay.Gateway.Routing;

/// <summary>
/// Makes one story of a target's two breakers, the one that refuses and the one that puts others first: the changes of what is shown of both.
/// Not thread-safe: the flusher asks.
/// </summary>
/// <param name="breaker">The one that refuses, as it is now.</param>
/// <param name="speed">The one that puts others first, as it is now.</param>
internal sealed class BreakerHistory(BreakerSnapshot breaker, BreakerSnapshot speed)
{
    private BreakerSnapshot _breaker = breaker;
    private BreakerSnapshot _speed = speed;

    /// <summary>The changes that are worth telling, oldest first.</summary>
    /// <param name="breaker">Those of the one that refuses, oldest first.</param>
    /// <param name="speed">Those of the one that puts others first, oldest first.</param>
    public IReadOnlyList<BreakerTransition> Merge(BreakerTransition[] breaker, BreakerTransition[] speed)
    {
        if (breaker.Length + speed.Length == 0)
        {
            return [];
        }

        var told = new List<BreakerTransition>();
        for (int b = 0, s = 0; b < breaker.Length || s < speed.Length;)
        {
            var before = Worse(_breaker, _speed);
            TimeSpan at;
            if (s == speed.Length || (b < breaker.Length && breaker[b].At <= speed[s].At))
            {
                at = breaker[b].At;
                _breaker = After(breaker[b++]);
            }
            else
            {
                at = speed[s].At;
                var change = speed[s++];
                _speed = After(change with { Reason = change.To == BreakerState.Open ? BreakerReason.Slow : change.Reason });
            }

            var after = Worse(_breaker, _speed);
            if (IsNews(before, after))
            {
                told.Add(new(at, before.State, after.State, after.Reason));
            }
        }

        return told;
    }

    /// <summary>What keeps requests away first, then what puts others before it; with both closed, what changed last.</summary>
    public static BreakerSnapshot Worse(in BreakerSnapshot breaker, in BreakerSnapshot speed)
    {
        var isSpeed = speed.State != breaker.State
            ? breaker.State == BreakerState.Closed || (breaker.State == BreakerState.Ramping && speed.State != BreakerState.Closed)
            : speed.Since > breaker.Since;
        return (isSpeed ? speed : breaker) with { Opened = breaker.Opened + speed.Opened, Force = breaker.Force };
    }

    private static BreakerSnapshot After(in BreakerTransition change) => new(change.To, change.Reason, change.At, change.At, Opened: 0);

    /// <summary>Another state; or another reason to be open, or an operator's.</summary>
    private static bool IsNews(in BreakerSnapshot before, in BreakerSnapshot after) =>
        before.State != after.State
        || (before.Reason != after.Reason && (after.State == BreakerState.Open || after.Reason is BreakerReason.Forced or BreakerReason.Reset));
}
