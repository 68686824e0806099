using System.Threading.Channels;
using Relay.Load.Http;
using Relay.Load.Os;

namespace Relay.Load.Driving;

/// <summary>
/// Requests at fixed times, whether or not earlier ones are answered, measured from when they were meant to start: a server that stalls
/// cannot slow the arrivals and so hide its stall (coordinated omission).
/// </summary>
internal static class OpenLoop
{
    /// <summary>Arrivals that may wait for a free connection; more are counted as errors.</summary>
    public const int MaxWaiting = 16_384;

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

        // A waiting connection sends on the scheduler's own thread: the request leaves at its time, without a hand-over.
        var arrivals = Channel.CreateBounded<Arrival>(new BoundedChannelOptions(MaxWaiting) { SingleWriter = true, AllowSynchronousContinuations = true });
        var all = Enumerable.Range(0, connections).Select(_ => new RawConnection(workload.Endpoint)).ToArray();
        using var watchdog = new Watchdog(all, duration + ClosedLoop.Grace, stop);
        var workers = all.Select(connection => Task.Run(() => WorkAsync(connection, workload, book, arrivals.Reader), CancellationToken.None)).ToArray();
        var start = Clock.Now;
        var scheduler = new Thread(() => Schedule(arrivals.Writer, book, start, perSecond, duration, stop)) { IsBackground = true, Name = "arrivals" };
        scheduler.Start();
        await Task.WhenAll(workers);

        // All arrivals fell into this time; waiting for the last answers is no part of the rate.
        return book.Drain(duration.TotalSeconds);
    }

    private static void Schedule(ChannelWriter<Arrival> arrivals, Book book, long start, double perSecond, TimeSpan duration, CancellationToken stop)
    {
        var step = Clock.Ticks(TimeSpan.FromSeconds(1)) / perSecond;
        var count = (long)(duration.TotalSeconds * perSecond);
        for (var i = 0L; i < count && !stop.IsCancellationRequested; i++)
        {
            var at = start + (long)(i * step);
            Native.SleepUntil(at);
            if (!arrivals.TryWrite(new(i, at)))
            {
                book.CountError("no connection free for too long");
            }
        }

        arrivals.Complete();
    }

    private static async Task WorkAsync(RawConnection connection, Workload workload, Book book, ChannelReader<Arrival> arrivals)
    {
        await foreach (var (ticket, at) in arrivals.ReadAllAsync())
        {
            await ClosedLoop.SendAsync(connection, workload, book, ticket, at);
        }
    }

    private readonly record struct Arrival(long Ticket, long At);
}
