using System.Net.Sockets;
using Relay.Load.Http;

namespace Relay.Load.Driving;

/// <summary>A fixed number of connections, each sending its next request when the last one is answered: measures throughput.</summary>
internal static class ClosedLoop
{
    /// <summary>How long answers may take after the end before the run is cut: 30 s.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    /// <summary>Runs for a time or a number of requests, whichever ends first.</summary>
    public static async Task<LoadResult> RunAsync(
        Workload workload, int connections, TimeSpan duration, CancellationToken stop, long maxRequests = long.MaxValue, Book? book = null)
    {
        book ??= new Book();
        var all = Enumerable.Range(0, connections).Select(_ => new RawConnection(workload.Endpoint)).ToArray();
        var start = Clock.Now;
        var end = start + Clock.Ticks(duration);
        var tickets = new Tickets(maxRequests);
        using var watchdog = new Watchdog(all, duration + Grace, stop);
        await Task.WhenAll(all.Select(connection => Task.Run(() => WorkAsync(connection, workload, book, tickets, end, stop), stop)));
        return book.Drain(Clock.Seconds(start, Clock.Now));
    }

    /// <summary>Sends one request and counts what came of it.</summary>
    public static async ValueTask SendAsync(RawConnection connection, Workload workload, Book book, long ticket, long startAt)
    {
        try
        {
            var exchange = await connection.SendAsync(workload.Requests[(int)((ulong)ticket % (ulong)workload.Requests.Length)]);
            if (workload.Fault(exchange, connection.Gauge) is { } fault)
            {
                book.CountError(fault);
            }
            else
            {
                book.Count(startAt, exchange.EndAt, workload.Stream ? connection.Gauge : null);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or InvalidDataException or ObjectDisposedException)
        {
            var reason = e is SocketException socket ? socket.SocketErrorCode.ToString() : e.Message;
            book.CountError(connection.Gauge.Errors > 0 ? "error event, then: " + reason : reason);
        }
    }

    private static async Task WorkAsync(RawConnection connection, Workload workload, Book book, Tickets tickets, long end, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && Clock.Now < end && tickets.TryTake(out var ticket))
        {
            await SendAsync(connection, workload, book, ticket, Clock.Now);
        }
    }

    private sealed class Tickets(long count)
    {
        private long _taken = -1;

        public bool TryTake(out long ticket) => (ticket = Interlocked.Increment(ref _taken)) < count;
    }
}
