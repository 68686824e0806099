using Relay.Core.Breaker;
using Relay.Silo.Grains;

namespace Relay.Api.Stats;

/// <summary>The breakers of several targets.</summary>
/// <param name="GeneratedAt">When it was put together, UTC.</param>
/// <param name="Breakers">The breakers, one for each target, in configured order.</param>
public sealed record BreakersReport(DateTimeOffset GeneratedAt, IReadOnlyList<TargetBreaker> Breakers);

/// <summary>A target's breaker and its past.</summary>
/// <param name="Target">The target's name.</param>
/// <param name="Breaker">The breaker; null when no gateway has reported for 10 s.</param>
/// <param name="Transitions">Its latest changes, newest first; at most 50.</param>
public sealed record TargetBreaker(string Target, BreakerFigures? Breaker, IReadOnlyList<TransitionFigures> Transitions)
{
    /// <summary>Puts a grain's answer in words.</summary>
    public static TargetBreaker From(TargetBreakerState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return new(state.Target, BreakerFigures.From(state.Breaker), [.. state.Changes.Select(change => new TransitionFigures(change.At, change.From.Label(), change.To.Label(), change.Reason.Label()))]);
    }
}

/// <summary>A change of a breaker's state.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="From">The state that it left.</param>
/// <param name="To">The state that it entered.</param>
/// <param name="Reason">Why, as in <see cref="BreakerFigures.Reason"/>.</param>
public sealed record TransitionFigures(DateTimeOffset At, string From, string To, string Reason);
