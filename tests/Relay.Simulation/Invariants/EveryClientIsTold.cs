using Relay.Simulation.Client;

namespace Relay.Simulation.Invariants;

/// <summary>Nobody is left waiting.</summary>
internal sealed class EveryClientIsTold(World world) : Invariant(world)
{
    /// <inheritdoc/>
    public override string Meaning => "Every client that stays has an answer, an error, or an answer that breaks off and says so, exactly one of them.";

    /// <inheritdoc/>
    public override void IsThrough(Book book)
    {
        var client = book.Client;
        Must(client.Outcome != Outcome.None || client.LeftAt is not null, "the pipeline is through, and the client was told nothing", book);
        Must(client.Disorder is null, $"{client.Disorder}", book);
    }

    /// <inheritdoc/>
    public override void RunIsOver()
    {
        foreach (var request in World.Plan.Requests)
        {
            Must(World.Clients[request.Index] is { IsThrough: true }, $"request {request.Index} never ended");
        }
    }
}
