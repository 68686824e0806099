using Relay.Gateway.Recording;

namespace Relay.Simulation.Invariants;

/// <summary>Nothing outlasts its limit.</summary>
internal sealed class LimitsEndRequests(World world) : Invariant(world)
{
    /// <summary>Timers count milliseconds and are late.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(250);

    /// <inheritdoc/>
    public override string Meaning =>
        "A request is decided, and its record written, before its total limit and its client's deadline are past, and at once when its client leaves.";

    /// <inheritdoc/>
    public override void Records(Book book, RequestRecord record)
    {
        var (request, now) = (book.Request, World.Time.Elapsed);
        var total = request.Arrives + book.Model.Timeouts.Total;
        Must(now <= total + Slack, $"decided {(now - total).TotalSeconds:0.000} s after its total limit", book);
        if (request.Deadline is { } deadline)
        {
            Must(now <= request.Arrives + deadline + Slack, $"decided {(now - request.Arrives - deadline).TotalSeconds:0.000} s after its client's deadline", book);
        }

        if (book.Client.LeftAt is { } left)
        {
            Must(now <= left + Slack, $"decided {(now - left).TotalSeconds:0.000} s after its client left", book);
        }
    }
}
