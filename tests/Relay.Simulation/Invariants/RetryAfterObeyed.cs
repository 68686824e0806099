using Relay.Core.Breaker;
using Relay.Simulation.Gateways;

namespace Relay.Simulation.Invariants;

/// <summary>A provider that asks for time gets it.</summary>
internal sealed class RetryAfterObeyed(World world) : Invariant(world)
{
    private readonly Dictionary<Place, TimeSpan> _until = [];

    /// <inheritdoc/>
    public override string Meaning => "While a Retry-After of a target runs, its gateway lets no new request in to it.";

    /// <inheritdoc/>
    public override void LeavesAlone(Place place, TimeSpan until) =>
        _until[place] = until > _until.GetValueOrDefault(place) ? until : _until[place];

    /// <inheritdoc/>
    public override void Enters(Book book, Place place, BreakerAdmission entry, BreakerState state, TimeSpan now)
    {
        if (entry.Allowed && _until.TryGetValue(place, out var until))
        {
            Must(until <= now, $"let in to t{place.Target} {(until - now).TotalSeconds:0.000} s before its Retry-After is over", book);
        }
    }
}
