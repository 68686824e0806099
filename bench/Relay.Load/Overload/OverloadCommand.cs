using System.Globalization;
using System.Net.Sockets;
using Relay.Load.Cli;
using Relay.Load.Driving;
using Relay.Load.Http;
using Relay.Load.Overhead;
using Relay.Load.Servers;

namespace Relay.Load.Overload;

/// <summary>
/// <c>overload</c>: requests come at a fixed rate under what Relay may carry (<c>limits.maxConcurrentRequests</c>), then many times over
/// it, then under it again. What is admitted must be served whole, what is not must hear so at once and when to come back, and after the
/// overload all must be as before within a second.
/// </summary>
internal static class OverloadCommand
{
    /// <summary>Below Relay's limit on connections, which is 1,000 over that on requests.</summary>
    private const int Connections = 900;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary>Runs and prints the tables.</summary>
    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        var limit = Math.Max(2, arguments.Whole("limit", 50));
        var service = arguments.Number("service", 100);
        await using var bench = new Bench();
        var provider = await bench.AddUpstreamAsync(Bench.Fast, "gpt-sim", stop, "--first-token-ms", service.ToString(CultureInfo.InvariantCulture), "--coalesce");
        var models = new Dictionary<string, string[]> { [provider.Model] = [$"{provider.Name}/{provider.Model}"] };
        var relay = await Contenders.RelayAsync("relay", [provider], bench.Folder, RelayConfigFile.Write(bench.Folder, [provider], models, maxConcurrent: limit), stop);
        bench.Add(relay);
        var work = relay.Work(provider, arguments.Has("stream"));

        // Half of what it may carry, so that nothing is shed, tells how long one takes.
        var warm = await ClosedLoop.RunAsync(work, limit / 2, TimeSpan.FromSeconds(5), stop);
        var capacity = limit * warm.PerSecond / (limit / 2);
        var phases = Phase.Of(capacity, arguments.Number("factor", 10), arguments.Seconds("seconds", 5));

        var before = await RelayCounts.ReadAsync(relay.Api!, stop);
        var sent = await SendAsync(work, phases, stop);
        var counted = (await RelayCounts.ReadAsync(relay.Api!, stop)).Since(before);

        var report = new OverloadReport(phases, sent, counted);
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"{limit} requests at once, each {service:0} ms at the provider: the capacity is {capacity:N0} requests/s.");
        await Report.WriteAsync($"{head}\n\n{report.Text()}", arguments.Text("out"), stop);
        return report.Lost == 0 && report.Agrees && report.Recovered <= Limit ? 0 : 1;
    }

    private static async Task<Sent[]> SendAsync(Workload work, Phase[] phases, CancellationToken stop)
    {
        var offsets = phases.SelectMany(p => p.Offsets).ToArray();
        var sent = new Sent[offsets.Length];
        var all = Enumerable.Range(0, Connections).Select(_ => new RawConnection(work.Endpoint)).ToArray();
        using var watchdog = new Watchdog(all, phases[^1].From + phases[^1].Length + ClosedLoop.Grace, stop);
        await TimedSends.RunAsync(
            offsets,
            Connections,
            async (worker, number, at) => sent[number] = await SendAsync(all[worker], work, at, offsets[number]),
            number => sent[number] = new(Micros(offsets[number]), 0, Outcome.Lost),
            stop);
        return sent;
    }

    private static async ValueTask<Sent> SendAsync(RawConnection connection, Workload work, long at, long offset)
    {
        try
        {
            var exchange = await connection.SendAsync(work.Requests[0]);
            var outcome = exchange.Status == 503 ? (exchange.RetryAfter > 0 ? Outcome.Shed : Outcome.ShedWithoutRetryAfter)
                : work.Fault(exchange, connection.Gauge) is null ? Outcome.Served
                : Outcome.Lost;
            return new(Micros(offset), Clock.Micros(at, exchange.EndAt), outcome);
        }
        catch (Exception e) when (e is IOException or SocketException or InvalidDataException or ObjectDisposedException)
        {
            return new(Micros(offset), Clock.Micros(at, Clock.Now), Outcome.Lost);
        }
    }

    private static long Micros(long offset) => Clock.Micros(0, offset);
}
