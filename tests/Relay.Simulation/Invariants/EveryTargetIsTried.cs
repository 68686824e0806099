using Relay.Core.Breaker;
using Relay.Core.Errors;
using Relay.Simulation.Client;
using Relay.Simulation.Gateways;

namespace Relay.Simulation.Invariants;

/// <summary>Nobody gives up while somebody could help.</summary>
internal sealed class EveryTargetIsTried(World world) : Invariant(world)
{
    /// <summary>What cannot be begun any more.</summary>
    private static readonly TimeSpan TooLate = TimeSpan.FromMilliseconds(50);

    private readonly Dictionary<int, HashSet<int>> _refused = [];

    /// <inheritdoc/>
    public override string Meaning =>
        "A client is told of a fault that another target might not have only when every target of its model was tried or refused it on arrival, and one of those that refused was tried all the same, or time was up.";

    /// <inheritdoc/>
    public override void Enters(Book book, Place place, BreakerAdmission entry, BreakerState state, TimeSpan now)
    {
        if (!entry.Allowed)
        {
            if (!_refused.TryGetValue(book.Index, out var there))
            {
                _refused[book.Index] = there = [];
            }

            there.Add(place.Target);
        }
    }

    /// <inheritdoc/>
    public override void IsThrough(Book book)
    {
        var (client, request) = (book.Client, book.Request);
        _refused.Remove(book.Index, out var refused);
        if (client.Outcome != Outcome.Told || book.Records is not [var record] || !record.Attempts.All(a => ErrorTable.Of(a.Error).FailOver))
        {
            return;
        }

        var total = book.Model.Timeouts.Total;
        if (client.EndedAt - request.Arrives > (request.Deadline < total ? request.Deadline : total) - TooLate)
        {
            return;
        }

        var tried = book.Attempts.Select(a => a.Target.Name).ToHashSet(StringComparer.Ordinal);
        var left = book.Model.Targets.Select(t => t.Name).Where(name => !tried.Contains(name)).ToArray();
        var keptAway = World.Plan.Targets.Where(t => refused?.Contains(t.Index) == true).Select(t => t.Name).ToArray();
        Must(left.All(keptAway.Contains), $"told of {record.Error.Label()}, and {string.Join(", ", left.Except(keptAway))} was not tried", book);
        Must(keptAway.Length == 0 || keptAway.Any(tried.Contains), $"told of {record.Error.Label()}, and none of {string.Join(", ", keptAway)} was tried", book);
    }
}
