using Relay.Core.Errors;
using Relay.Gateway.Recording;

namespace Relay.Simulation.Invariants;

/// <summary>No fault of Relay's own.</summary>
internal sealed class NothingBreaksInside(World world) : Invariant(world)
{
    /// <inheritdoc/>
    public override string Meaning => "No request ends in an internal error or an exception, and nothing runs outside the run's thread: it would not be replayed.";

    /// <inheritdoc/>
    public override void Records(Book book, RequestRecord record) => Must(record.Error != ErrorKind.Internal, "an internal error", book);

    /// <inheritdoc/>
    public override void GatewaysAreStopped() => Must(World.Context.Escape is null, $"ran elsewhere: {World.Context.Escape}");
}
