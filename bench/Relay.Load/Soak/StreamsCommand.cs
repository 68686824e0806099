using System.Globalization;
using System.Net.Sockets;
using Relay.Load.Cli;
using Relay.Load.Driving;
using Relay.Load.Http;
using Relay.Load.Overhead;
using Relay.Load.Servers;

namespace Relay.Load.Soak;

/// <summary><c>streams</c>: how much memory many open streams take. The provider paces its tokens so slowly that all of them are open at once.</summary>
internal static class StreamsCommand
{
    private const int StepMs = 500;

    /// <summary>Runs and prints the table.</summary>
    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        var count = arguments.Whole("count", 2_000);
        var hold = arguments.Seconds("hold", 10);
        var servers = arguments.Text("servers")?.Split(',', StringSplitOptions.TrimEntries) ?? ["bare", "nginx", "relay"];
        await using var bench = new Bench();

        // Connecting takes a while, so the streams last twice as long as they are held, and 5 s at least.
        var tokenMs = Math.Max(5, hold.TotalMilliseconds * 2) / Upstream.Words;
        var provider = await bench.AddUpstreamAsync(Bench.Fast, "gpt-sim", stop, "--token-ms", tokenMs.ToString("0", CultureInfo.InvariantCulture));
        var table = new MarkdownTable("server", "resident before MB", "with the streams MB", "KB per stream", "resident after MB", "handles", "threads", "right", "errors");
        var errors = 0L;
        foreach (var name in servers)
        {
            await bench.AddServerAsync(name, stop);
            if (bench.Servers.Find(s => s.Name == name) is { } server)
            {
                errors += await MeasureAsync(server, server.Work(provider, stream: true), count, table, stop);
            }
        }

        var text = string.Create(CultureInfo.InvariantCulture, $"{count:N0} streams open at once, {Upstream.Words} chunks {tokenMs:0} ms apart.\n\n{table}");
        await Report.WriteAsync(text, arguments.Text("out"), stop);
        return errors == 0 ? 0 : 1;
    }

    private static async Task<long> MeasureAsync(Contender server, Workload work, int count, MarkdownTable table, CancellationToken stop)
    {
        await ClosedLoop.RunAsync(work, Math.Min(count, 32), TimeSpan.Zero, stop);
        await ClosedLoop.RunAsync(work, Math.Min(count, 32), TimeSpan.FromMilliseconds(1), stop);
        var (before, most, handles, threads) = (server.Tree!.ResidentKb, 0L, 0, 0L);
        var run = SendAllAsync(work, count, stop);
        while (!run.IsCompleted)
        {
            await Wait.ForAsync(TimeSpan.FromMilliseconds(StepMs), stop);
            most = Math.Max(most, server.Tree.ResidentKb);
            handles = Math.Max(handles, server.Tree.Handles);
            threads = Math.Max(threads, server.Tree.Threads);
        }

        var result = await run;
        table.Add(
            server.Name,
            Figures.Mb(before),
            Figures.Mb(most),
            Figures.Number((double)(most - before) / count, 1),
            Figures.Mb(server.Tree.ResidentKb),
            Figures.Number(handles),
            Figures.Number(threads),
            Figures.Number(result.Count),
            Figures.Errors(result.Errors));
        return result.ErrorCount;
    }

    /// <summary>Opens the connections a few at a time, so that no listen queue overflows, then sends one stream on each.</summary>
    private static async Task<LoadResult> SendAllAsync(Workload work, int count, CancellationToken stop)
    {
        var book = new Book();
        var all = Enumerable.Range(0, count).Select(_ => new RawConnection(work.Endpoint, bufferBytes: 4 * 1024)).ToArray();
        using var watchdog = new Watchdog(all, TimeSpan.FromMinutes(5), stop);
        var start = Clock.Now;
        try
        {
            await Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = stop }, (c, _) => c.OpenAsync());
        }
        catch (SocketException e)
        {
            throw new IOException($"{count} connections could not be opened: {e.Message}. Is the limit on open files high enough (ulimit -n)?", e);
        }

        await Task.WhenAll(all.Select(connection => ClosedLoop.SendAsync(connection, work, book, 0, Clock.Now).AsTask()));
        return book.Drain(Clock.Seconds(start, Clock.Now));
    }
}
