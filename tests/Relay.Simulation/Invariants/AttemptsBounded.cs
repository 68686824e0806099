using Relay.Core.Errors;
using Relay.Gateway.Recording;
using Relay.Simulation.Provider;

namespace Relay.Simulation.Invariants;

/// <summary>Retries and failovers end.</summary>
internal sealed class AttemptsBounded(World world) : Invariant(world)
{
    /// <inheritdoc/>
    public override string Meaning =>
        "A target gets at most one attempt and its retries (retry.maxPerTarget) of a request, one that refused it on arrival at most one, and one more where it refuses a prefill; what may not be retried is not, after an error that is the caller's own nobody else is asked, somebody is asked in any case, and a stream is rescued at most rescue.maxPerRequest times.";

    /// <inheritdoc/>
    public override void Attempts(Book book, UpstreamAttempt attempt)
    {
        var model = book.Model;
        var there = 1 + book.Attempts.Count(a => a.Target == attempt.Target);
        var wasLetIn = book.Entries.Exists(e => e.Place.Target == attempt.Target.Index);
        var refusals = book.Attempts.Count(a => a.Target == attempt.Target && a.AfterCommit && a.RefusedPrefill);
        var most = (wasLetIn ? 1 + model.Retry.MaxPerTarget : 1) + Math.Min(1, refusals);
        Must(there <= most, $"attempt {there} of at most {most} at t{attempt.Target.Index}", book);
        Must(book.Attempts.Count < model.Targets.Length * (2 + model.Retry.MaxPerTarget), $"attempt {book.Attempts.Count + 1} in all", book);
    }

    /// <inheritdoc/>
    public override void Records(Book book, RequestRecord record)
    {
        Must(record.Attempts.Count > 0 || record.Error is ErrorKind.ClientClosed or ErrorKind.ClientDeadline, "nobody was asked", book);
        for (var i = 1; i < record.Attempts.Count; i++)
        {
            var (before, after) = (record.Attempts[i - 1], record.Attempts[i]);
            var row = ErrorTable.Of(before.Error);
            var isSame = before.Target == after.Target;

            // What a target says to the request for more is its own business: the next one is asked all the same, or it in other words.
            var isFine = isSame ? row.RetrySameTarget || (before.IsRescue && book.Attempts[i - 1].RefusedPrefill)
                : row.FailOver || (before is { IsRescue: true, Billed: false } && before.Error is not (ErrorKind.ClientClosed or ErrorKind.ClientDeadline));
            Must(isFine, $"{(isSame ? "a retry" : "a failover")} after {row.Label}", book);
            Must(!isSame || !before.Billed, "a retry of a stream that broke at the client", book);
            Must(after.IsRetry == isSame, $"attempt {i + 1} calls itself {(after.IsRetry ? "a" : "no")} retry", book);
        }

        var broke = record.Attempts.Count(a => a.Billed) - 1;
        var most = book.Model.Rescue.MaxPerRequest;
        Must(broke <= most, $"{broke} rescues of at most {most}", book);
    }
}
