using Relay.Simulation.Provider;

namespace Relay.Simulation.Invariants;

/// <summary>No request is mixed up with another.</summary>
internal sealed class RequestsArriveAsMeant(World world) : Invariant(world)
{
    /// <inheritdoc/>
    public override string Meaning => "A provider reads what the client asked, under the model's name there, and is asked for the usage of every stream.";

    /// <inheritdoc/>
    public override void Asks(Book book, UpstreamAttempt attempt, Asked asked)
    {
        var request = book.Request;
        Must(asked.Question == request.Index && asked.Words == request.Words, $"the question of request {asked.Question}", book);
        Must(asked.Shape == request.Shape && asked.Stream == request.Stream, $"asks for {asked.Shape}, stream {asked.Stream}", book);
        Must(asked.Model == attempt.Target.UpstreamModel, $"the model {asked.Model} at t{attempt.Target.Index}", book);
        Must(asked.IncludeUsage == request.Stream, "usage is not asked for", book);
    }
}
