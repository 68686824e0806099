using Relay.Core.Breaker;
using Relay.Silo.Grains;

namespace Relay.Api.Stats;

/// <summary>A target's breaker as the API shows it: the worst of all gateways.</summary>
/// <param name="State"><c>closed</c>, <c>ramping</c>, <c>half_open</c> or <c>open</c>.</param>
/// <param name="Reason">Why it entered that state; <c>none</c> when it never changed.</param>
/// <param name="Since">When it entered it, UTC.</param>
/// <param name="OpenUntil">While open: when the next probe may go, UTC; otherwise null.</param>
/// <param name="Opened">How often it opened by itself since its gateway started.</param>
/// <param name="Force">What an operator decided for it: <c>none</c>, <c>open</c> or <c>closed</c>. The state follows when the gateways have heard of it.</param>
public sealed record BreakerFigures(string State, string Reason, DateTimeOffset Since, DateTimeOffset? OpenUntil, long Opened, string Force)
{
    /// <summary>Puts a report in words; null when there is none.</summary>
    public static BreakerFigures? From(BreakerReport? report) => report is not { } breaker
        ? null
        : new(breaker.State.Label(), breaker.Reason.Label(), breaker.Since, breaker.State == BreakerState.Open ? breaker.OpenUntil : null, breaker.Opened, breaker.Decision.Force.Label());
}
