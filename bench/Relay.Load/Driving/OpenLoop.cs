using Relay.Load.Http;

namespace Relay.Load.Driving;

/// <summary>
/// Requests at fixed times, whether or not earlier ones are answered, measured from when they were meant to start: a server that stalls
/// cannot slow the arrivals and so hide its stall (coordinated omission).
/// </summary>
internal static class OpenLoop
{
    /// <summary>Runs for a time.</summary>
    /// <param name="workload">What is sent.</param>
    /// <param name="perSecond">The arrival rate.</param>
    /// <param name="connections">Connections at most; they are opened as they are needed.</param>
    /// <param name="duration">How long requests arrive.</param>
    /// <param name="stop">Stops early.</param>
    /// <param name="book">Where to count; null: a new one.</param>
    public static async Task<LoadResult> RunAsync(
        Workload workload, double perSecond, int connections, TimeSpan duration, CancellationToken stop, Book? book = null)
    {
        book ??= new Book();
        var all = Enumerable.Range(0, connections).Select(_ => new RawConnection(workload.Endpoint)).ToArray();
        using var watchdog = new Watchdog(all, duration + ClosedLoop.Grace, stop);
        await TimedSends.RunAsync(
            TimedSends.Evenly(0, perSecond, duration),
            connections,
            (worker, ticket, at) => ClosedLoop.SendAsync(all[worker], workload, book, ticket, at),
            _ => book.CountError("no connection free for too long"),
            stop);

        // All arrivals fell into this time; waiting for the last answers is no part of the rate.
        return book.Drain(duration.TotalSeconds);
    }
}
