using Relay.Core.Breaker;
using Relay.Simulation.Gateways;
using Relay.Simulation.Provider;

namespace Relay.Simulation.Invariants;

/// <summary>Half-open breakers.</summary>
internal sealed class ProbesWithinLeases(World world) : Invariant(world)
{
    /// <summary>How far an attempt may outlive its lease: its limits are timers, which count milliseconds and are late.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<Place, Held> _leases = [];
    private readonly Dictionary<Place, TimeSpan> _leftAlone = [];

    /// <inheritdoc/>
    public override string Meaning =>
        "A half-open breaker lets in the holder of its one lease only; probes under way never exceed the leases that live; a probe is not repeated; every lease is given back when its request is through, and then keeps nobody away.";

    /// <inheritdoc/>
    public override void Enters(Book book, Place place, BreakerAdmission entry, BreakerState state, TimeSpan now)
    {
        var last = _leases.GetValueOrDefault(place);
        if (!entry.Allowed)
        {
            // A Retry-After may end just when the lease would have.
            var isKeptAway = state == BreakerState.HalfOpen && last is { IsSettled: true } && entry.RetryAt == last.Lease.ExpiresAt && entry.RetryAt != _leftAlone.GetValueOrDefault(place);
            Must(!isKeptAway, $"lease {last?.Lease.Id} of g{place.Gateway} t{place.Target} was given back and still keeps requests away", book);
            return;
        }

        if (!entry.Lease.IsHeld)
        {
            Must(state != BreakerState.HalfOpen, $"let in to t{place.Target} at half-open without a lease", book);
            return;
        }

        if (last is { IsSettled: false })
        {
            Must(last.Lease.ExpiresAt <= now, $"a second lease of g{place.Gateway} t{place.Target} while lease {last.Lease.Id} lives", book);
            Must(last.Attempt is not { IsOpen: true } || now - last.Lease.ExpiresAt <= Slack, $"a second probe of g{place.Gateway} t{place.Target} while the first outlives its lease {last.Lease.Id}", book);
        }

        _leases[place] = new Held(book, entry.Lease);
    }

    /// <inheritdoc/>
    public override void Attempts(Book book, UpstreamAttempt attempt)
    {
        var entry = book.Entries.FindLastIndex(e => e.Place.Target == attempt.Target.Index);
        if (entry < 0 || !_leases.TryGetValue(book.Entries[entry].Place, out var held) || held.Book != book)
        {
            return;
        }

        Must(held.Attempt is null || attempt.AfterCommit, $"the probe of t{attempt.Target.Index} is repeated", book);
        held.Attempt = attempt;
    }

    /// <inheritdoc/>
    public override void LeavesAlone(Place place, TimeSpan until) =>
        _leftAlone[place] = until > _leftAlone.GetValueOrDefault(place) ? until : _leftAlone[place];

    /// <inheritdoc/>
    public override void Settles(Book book, Place place, ProbeLease lease)
    {
        if (lease.IsHeld && _leases.TryGetValue(place, out var held) && held.Book == book && held.Lease.Id == lease.Id)
        {
            held.IsSettled = true;
        }
    }

    /// <inheritdoc/>
    public override void IsThrough(Book book)
    {
        foreach (var (place, lease) in book.Entries)
        {
            if (lease.IsHeld && _leases.TryGetValue(place, out var held) && held.Book == book && held.Lease.Id == lease.Id)
            {
                Must(held.IsSettled, $"lease {lease.Id} of t{place.Target} is not given back", book);
            }
        }
    }

    private sealed class Held(Book book, ProbeLease lease)
    {
        public Book Book => book;

        public ProbeLease Lease => lease;

        public bool IsSettled { get; set; }

        public UpstreamAttempt? Attempt { get; set; }
    }
}
