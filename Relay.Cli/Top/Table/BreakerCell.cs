using Relay.Cli.Server;
using Relay.V1;

namespace Relay.Cli.Top.Table;

/// <summary>The breaker of a target, or those behind a model, in a few words.</summary>
internal static class BreakerCell
{
    /// <summary>Of a target: <c>open (failures in a row) 3s</c>, where 3s is the time to the next probe. Of others: <c>1/2 closed</c>.</summary>
    public static Cell Of(Row row, DateTime now, bool withReason) => row.IsTarget ? OfTarget(row.Breakers[0], now, withReason) : OfMany(row.Breakers);

    /// <summary>How bad a state is.</summary>
    public static Tone ToneOf(BreakerState state) => state switch
    {
        BreakerState.Closed => Tone.Good,
        BreakerState.Ramping or BreakerState.HalfOpen => Tone.Warning,
        BreakerState.Open => Tone.Bad,
        _ => Tone.Faint,
    };

    private static Cell OfTarget(Breaker? breaker, DateTime now, bool withReason)
    {
        if (breaker is null)
        {
            return new("unknown", Tone.Warning);
        }

        var isHeld = breaker.Force != BreakerForce.Unspecified;
        var why = isHeld || (withReason && breaker.State is BreakerState.Open or BreakerState.HalfOpen)
            ? $" ({(withReason ? BreakerText.Why(breaker) : "held")})"
            : "";
        var probe = breaker is { State: BreakerState.Open, OpenUntil: { } until } && !isHeld ? $" {Format.Span(until.ToDateTime() - now)}" : "";
        return new($"{Words.Of(breaker.State).Replace('_', '-')}{why}{probe}", ToneOf(breaker.State));
    }

    private static Cell OfMany(IReadOnlyList<Breaker?> breakers)
    {
        var closed = breakers.Count(breaker => breaker?.State is BreakerState.Closed or BreakerState.Ramping);
        var tone = closed == breakers.Count ? Tone.Good : closed == 0 ? Tone.Bad : Tone.Warning;
        return new($"{closed}/{breakers.Count} closed", tone);
    }
}
