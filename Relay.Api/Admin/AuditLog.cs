using Microsoft.Extensions.Logging;

namespace Relay.Api.Admin;

/// <summary>A change that somebody made.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Who">The name of the token.</param>
/// <param name="Action">What was done: <c>breaker.set</c>.</param>
/// <param name="Target">To which target.</param>
/// <param name="Force">What its breaker is held at: <c>open</c> or <c>closed</c>; <c>none</c>: it was reset.</param>
/// <param name="Note">Why, in the words of who did it, see <see cref="AuditNote"/>; may be empty.</param>
/// <param name="RequestId">The id of the call.</param>
public sealed record AuditEntry(DateTimeOffset At, string Who, string Action, string Target, string Force, string Note, string RequestId);

/// <summary>Who changed what: the latest <see cref="Max"/> changes in memory, and each one in the log. Thread-safe.</summary>
/// <param name="log">Where they go at information.</param>
public sealed class AuditLog(ILogger log)
{
    /// <summary>The most that are kept; past that the oldest is forgotten. The log has them all.</summary>
    public const int Max = 100;

    private readonly Lock _gate = new();
    private readonly Queue<AuditEntry> _entries = new(Max);

    /// <summary>All that are kept, newest first.</summary>
    public IReadOnlyList<AuditEntry> Entries
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries.Reverse()];
            }
        }
    }

    /// <summary>Keeps and logs one.</summary>
    public void Add(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        lock (_gate)
        {
            if (_entries.Count == Max)
            {
                _entries.Dequeue();
            }

            _entries.Enqueue(entry);
        }

        Log.Audited(log, entry.Who, entry.Action, entry.Target, entry.Force, entry.Note, entry.RequestId);
    }
}
