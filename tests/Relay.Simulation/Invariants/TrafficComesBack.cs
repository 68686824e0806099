using Relay.Core.Routing;
using Relay.Simulation.Client;

namespace Relay.Simulation.Invariants;

/// <summary>What was left out returns.</summary>
internal sealed class TrafficComesBack(World world) : Invariant(world)
{
    /// <inheritdoc/>
    public override string Meaning =>
        "When all targets have been well for longer than a request, a Retry-After and an open breaker last, every request is answered at the first attempt; under the priority strategy by the first target.";

    /// <inheritdoc/>
    public override void IsThrough(Book book)
    {
        if (!book.Request.IsInTheCalm || book.Records is not [var record])
        {
            return;
        }

        Must(book.Client.Outcome == Outcome.Answered, $"{book.Client.Outcome} in the calm", book);
        Must(record.Attempts.Count == 1, $"{record.Attempts.Count} attempts in the calm", book);
        var first = book.Model.Targets[0].Name;
        Must(book.Model.Strategy != RoutingStrategy.Priority || record.Target == first, $"answered by {record.Target} in the calm, not by {first}", book);
    }
}
