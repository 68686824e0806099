using Relay.Core.Errors;
using Relay.Simulation.Client;

namespace Relay.Simulation.Invariants;

/// <summary>What is recorded is what happened.</summary>
internal sealed class RecordsAreTrue(World world) : Invariant(world)
{
    /// <inheritdoc/>
    public override string Meaning =>
        "A record has the attempts that providers saw, in their order, and the status and error that its client saw.";

    /// <inheritdoc/>
    public override void IsThrough(Book book)
    {
        if (book.Records is not [var record])
        {
            return;
        }

        var seen = book.Attempts.Select(a => a.Target.Name);
        var recorded = record.Attempts.Select(a => a.Target);
        Must(seen.SequenceEqual(recorded), $"attempts at {string.Join(", ", seen)}, recorded {string.Join(", ", recorded)}", book);
        for (var i = 0; i < Math.Min(record.Attempts.Count, book.Attempts.Count); i++)
        {
            Must(record.Attempts[i].IsRescue == book.Attempts[i].AfterCommit, $"attempt {i + 1} is recorded as {(record.Attempts[i].IsRescue ? "a" : "no")} rescue", book);
        }

        var client = book.Client;
        var kind = client.Outcome == Outcome.None ? ErrorKind.ClientClosed : client.Error?.Kind ?? ErrorKind.None;
        Must(record.Error == kind, $"recorded as {record.Error.Label()}, the client saw {kind.Label()}", book);
        var status = client.Outcome is Outcome.Told ? client.Error!.Status : client.Outcome is Outcome.None && !client.Started ? 499 : 200;
        Must(record.HttpStatus == status, $"recorded status {record.HttpStatus}, the client saw {status}", book);
        Must(record.Rescued == (client.Outcome == Outcome.Answered && record.Attempts[^1].IsRescue), $"recorded as {(record.Rescued ? "" : "not ")}rescued", book);
        Must(record.Error != ErrorKind.None || record.Target == record.Attempts[^1].Target, $"answered by {record.Attempts[^1].Target}, recorded for {record.Target}", book);
        Must(record.Streamed == book.Request.Stream && record.Model == book.Request.Model, $"recorded for {record.Model}", book);
    }
}
