using Relay.Api.Stats;
using Relay.Core.Breaker;

namespace Relay.Api.Admin;

/// <summary>What somebody wants of a target's breaker.</summary>
/// <param name="Target">The target's name.</param>
/// <param name="Force">Hold it open or closed; None resets it.</param>
/// <param name="Note">Why; <see cref="AuditNote.Clean"/> makes it fit for the log.</param>
/// <param name="Who">The name of the token that the call came with.</param>
/// <param name="RequestId">The id of the call.</param>
public sealed record BreakerOrder(string Target, BreakerForce Force, string? Note, string Who, string RequestId);

/// <summary>The one way to hold or reset a breaker, whatever protocol it is asked over: the caller has passed the <see cref="AdminGate"/>, and an entry in the audit log is left.</summary>
/// <param name="stats">The way to the grains.</param>
/// <param name="audit">Who changed what.</param>
/// <param name="time">The clock of the audit log.</param>
public sealed class BreakerControl(StatsQuery stats, AuditLog audit, TimeProvider time)
{
    /// <summary>Carries it out.</summary>
    /// <returns>The one breaker, whose state follows within about 100 ms; null when no model uses a target of that name.</returns>
    public async Task<BreakersReport?> SetAsync(BreakerOrder order, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(order);
        var report = await stats.SetBreakerAsync(order.Target, order.Force, cancellation);
        if (report is not null)
        {
            audit.Add(new(time.GetUtcNow(), order.Who, "breaker.set", order.Target, order.Force.Label(), AuditNote.Clean(order.Note), order.RequestId));
        }

        return report;
    }
}
