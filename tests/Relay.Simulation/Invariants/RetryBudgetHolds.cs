using Relay.Core.Attempts;
using Relay.Simulation.Gateways;

namespace Relay.Simulation.Invariants;

/// <summary>Retries cannot multiply an outage.</summary>
internal sealed class RetryBudgetHolds(World world) : Invariant(world)
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(10);

    private readonly Dictionary<Place, Ledger> _ledgers = [];

    /// <inheritdoc/>
    public override string Meaning =>
        "With every retry of a target, the retries of the 10 s before are at most retry.budgetRatio of its requests in them, or retry.budgetFloor; and no attempt repeats another without a retry that was taken for it.";

    /// <inheritdoc/>
    public override void CountsRequest(Place place, TimeSpan now) => Of(place).Requests.Add(now);

    /// <inheritdoc/>
    public override void TakesRetry(Place place, bool taken, RetryOptions options, TimeSpan now)
    {
        if (!taken)
        {
            return;
        }

        var ledger = Of(place);
        ledger.Retries.Add(now);
        ledger.Forget(now - Span);
        var most = Math.Max(options.BudgetFloor, options.BudgetRatio * ledger.Requests.Count);

        // 29 of 100 at a ratio of 0.29 is within the budget, whatever binary fractions say.
        Must(ledger.Retries.Count <= most + 1e-9, $"{ledger.Retries.Count} retries of t{place.Target} in 10 s with {ledger.Requests.Count} requests, of at most {most}");
    }

    /// <inheritdoc/>
    public override void ReturnsRetry(Place place) => Of(place).Retries.RemoveAt(Of(place).Retries.Count - 1);

    /// <inheritdoc/>
    public override void IsThrough(Book book)
    {
        foreach (var there in book.Attempts.GroupBy(a => a.Target.Index))
        {
            // To ask in other words is no retry.
            var repeats = there.Count(a => !a.RefusedPrefill) - 1;
            var taken = book.Retries.Count(place => place.Target == there.Key);
            Must(repeats <= taken, $"{repeats} retries at t{there.Key}, {taken} taken from its budget", book);
        }
    }

    private Ledger Of(Place place)
    {
        if (!_ledgers.TryGetValue(place, out var ledger))
        {
            _ledgers[place] = ledger = new Ledger();
        }

        return ledger;
    }

    private sealed class Ledger
    {
        public List<TimeSpan> Requests { get; } = [];

        public List<TimeSpan> Retries { get; } = [];

        public void Forget(TimeSpan until)
        {
            Requests.RemoveAll(at => at <= until);
            Retries.RemoveAll(at => at <= until);
        }
    }
}
