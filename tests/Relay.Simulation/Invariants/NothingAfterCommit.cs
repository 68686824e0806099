using Relay.Simulation.Client;
using Relay.Simulation.Provider;

namespace Relay.Simulation.Invariants;

/// <summary>The commit point.</summary>
internal sealed class NothingAfterCommit(World world) : Invariant(world)
{
    /// <inheritdoc/>
    public override string Meaning =>
        "Once the client has a part of its answer, a provider is only asked to go on with exactly that part (a rescue); once the answer has ended, nobody is asked.";

    /// <inheritdoc/>
    public override void Attempts(Book book, UpstreamAttempt attempt)
    {
        Must(book.Client.Outcome == Outcome.None && !book.Client.IsThrough, "an attempt after the answer's end", book);
        if (attempt.AfterCommit)
        {
            var model = book.Model;
            Must(model.Rescue.Enabled && book.Request is { Stream: true, Shape: Shape.Text }, "a rescue of an answer that is not to be rescued", book);
        }
    }

    /// <inheritdoc/>
    public override void Asks(Book book, UpstreamAttempt attempt, Asked asked)
    {
        if (!attempt.AfterCommit)
        {
            Must(asked.SoFar is null, "an answer so far that no client has", book);
            return;
        }

        var seen = book.Seen();
        Must(seen.Finished.Count == 0, "an attempt after the finish_reason", book);
        Must(asked.SoFar == seen.Text(0), "an attempt after the first byte that does not go on with what was sent", book);
    }
}
