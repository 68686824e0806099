using Relay.Core.Breaker;

namespace Relay.Api.Stats;

/// <content>Breakers.</content>
public sealed partial class StatsQuery
{
    /// <summary>The breakers of all targets, in the order in which the models name them first.</summary>
    public async Task<BreakersReport> GetBreakersAsync(CancellationToken cancellation)
    {
        var breakers = new List<TargetBreaker>();
        foreach (var (target, _) in Uses())
        {
            breakers.Add(TargetBreaker.From(await grains.GetBreakerAsync(target, cancellation)));
        }

        return new BreakersReport(time.GetUtcNow(), breakers);
    }

    /// <summary>The breaker of one target; null when no model uses one of that name.</summary>
    public async Task<BreakersReport?> FindBreakerAsync(string target, CancellationToken cancellation) =>
        HasTarget(target) ? new(time.GetUtcNow(), [TargetBreaker.From(await grains.GetBreakerAsync(target, cancellation))]) : null;

    /// <summary>
    /// Holds a target's breaker open or closed, or resets it (None). Whoever calls it has checked that it may, and leaves an entry in the
    /// audit log: <see cref="Admin.BreakerControl"/> does both.
    /// </summary>
    /// <returns>The breaker; its state follows within about 100 ms. Null when no model uses a target of that name.</returns>
    internal async Task<BreakersReport?> SetBreakerAsync(string target, BreakerForce force, CancellationToken cancellation) =>
        HasTarget(target) ? new(time.GetUtcNow(), [TargetBreaker.From(await grains.SetBreakerAsync(target, force, cancellation))]) : null;

    /// <summary>True when a model of that name is configured.</summary>
    public bool HasModel(string model) => topology.Models.Any(known => known.Model == model);

    /// <summary>True when a model uses a target of that name.</summary>
    public bool HasTarget(string target) => topology.Models.Any(known => known.Targets.Contains(target));
}
