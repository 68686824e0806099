using System.Globalization;
using Relay.Load.Cli;
using Relay.Load.Driving;
using Relay.Load.Http;
using Relay.Load.Overhead;
using Relay.Load.Servers;

namespace Relay.Load.Soak;

/// <summary>
/// <c>soak</c>: plain answers, paced streams and clients that leave, at a fixed rate, while the first provider fails in every way now and
/// then and the second one does not. What is watched is that nothing grows: memory, handles, threads, p99.
/// </summary>
internal static class SoakCommand
{
    private const string Model = "chat";
    private const double StreamShare = 0.35;
    private const double LeaveShare = 0.05;
    private const double ExactShare = 0.1;

    private static readonly string[] Faults =
    [
        "status=503,probability=0.02",
        "status=429,retry-after=1,probability=0.002",
        "reset,probability=0.005",
        "first-token=15s,probability=0.0005",
        "cut-after=20,probability=0.01",
        "cut-after=40,end=clean,probability=0.01",
        "error-in-stream-after=30,probability=0.005",
        "stall-after=10,for=30s,probability=0.0005",
        "malformed-event-after=5,probability=0.01",
        "bad-json-body,probability=0.005",
    ];

    /// <summary>Runs and prints the table; a line every so often meanwhile.</summary>
    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        var duration = TimeSpan.FromMinutes(arguments.Number("minutes", 10));
        var every = arguments.Seconds("every", 15);
        var rate = arguments.Number("rate", 100);
        await using var bench = new Bench();
        var relay = await StartAsync(bench, stop);
        var plain = relay.Work(bench.Upstreams[0], stream: false, [Model]);
        var stream = relay.Work(bench.Upstreams[0], stream: true, [Model]) with { Deltas = 0 };

        var exact = new ExactLoad(new Uri($"http://{plain.Endpoint}/"), Model);
        var (plainBook, streamBook) = (new Book(), new Book());
        Task[] loads =
        [
            OpenLoop.RunAsync(plain, rate * (1 - StreamShare - LeaveShare - ExactShare), 256, duration, stop, plainBook),
            OpenLoop.RunAsync(stream, rate * StreamShare, 512, duration, stop, streamBook),
            LeaveAsync(stream, rate * LeaveShare, duration, stop),
            exact.RunAsync(rate * ExactShare, duration, stop),
        ];
        var watch = new SoakWatch(relay, plainBook, streamBook);
        using var ticks = new PeriodicTimer(every, TimeProvider.System);
        var all = Task.WhenAll(loads);
        while (await Task.WhenAny(all, ticks.WaitForNextTickAsync(stop).AsTask()) != all)
        {
            await Console.Error.WriteLineAsync(watch.Look());
        }

        await all;
        watch.Look();
        var head = string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMinutes:0.##} minutes at {rate:0} requests/s: 50 % plain, 35 % paced streams, 10 % paced streams whose every character is checked, 5 % clients that leave. Faults of the first provider: {string.Join("; ", Faults)}.");
        await Report.WriteAsync($"{head}\n\n{watch.Text()}\n\n{exact.Text()}", arguments.Text("out"), stop);
        return watch.Right > 0 && exact.Wrong == 0 ? 0 : 1;
    }

    private static async Task<Contender> StartAsync(Bench bench, CancellationToken stop)
    {
        string[] pace = ["--first-token-ms", "20", "--token-ms", "2", "--jitter", "0.3"];
        var failing = await bench.AddUpstreamAsync("failing", "gpt-sim", stop, [.. pace, .. Faults.SelectMany(f => new[] { "--fault", "*:" + f })]);
        var sound = await bench.AddUpstreamAsync("sound", "gpt-sim", stop, pace);
        var models = new Dictionary<string, string[]> { [Model] = [$"{failing.Name}/gpt-sim", $"{sound.Name}/gpt-sim"] };
        var relay = await Contenders.RelayAsync("relay", bench.Upstreams, bench.Folder, RelayConfigFile.Write(bench.Folder, bench.Upstreams, models), stop);
        bench.Add(relay);
        return relay;
    }

    /// <summary>Clients that close their connection after the first bytes of a stream.</summary>
    private static async Task LeaveAsync(Workload work, double rate, TimeSpan duration, CancellationToken stop)
    {
        using var ticks = new PeriodicTimer(TimeSpan.FromSeconds(1 / rate), TimeProvider.System);
        var end = Clock.Now + Clock.Ticks(duration);
        while (Clock.Now < end && await ticks.WaitForNextTickAsync(stop))
        {
            using var connection = new RawConnection(work.Endpoint);
            try
            {
                await connection.SendAndLeaveAsync(work.Requests[0], afterBytes: 1);
            }
            catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
            {
                // It was leaving anyway.
            }
        }
    }
}
