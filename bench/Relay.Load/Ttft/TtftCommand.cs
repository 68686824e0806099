using System.Globalization;
using System.Net.Sockets;
using Relay.Load.Cli;
using Relay.Load.Driving;
using Relay.Load.Http;
using Relay.Load.Overhead;

namespace Relay.Load.Ttft;

/// <summary>
/// <c>ttft</c>: paced streams through the bare pass-through and through Relay, in turn within one run (A B, B A, A B …) at a fixed low
/// rate, so that whatever else the machine does falls on both alike.
/// </summary>
internal static class TtftCommand
{
    /// <summary>Streams under way at once, at most: far more than a low rate needs.</summary>
    private const int Workers = 256;

    private const int Seed = 20_260_101;

    private static readonly double[] Quantiles = [0.5, 0.9, 0.99];

    /// <summary>Runs and prints the tables.</summary>
    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        var count = Math.Max(100, arguments.Whole("count", 4_000));
        var rate = arguments.Number("rate", 40);
        string[] names = ["bare", arguments.Text("server") ?? "relay"];
        await using var bench = new Bench();
        var provider = await bench.AddUpstreamAsync(Bench.Paced, "gpt-paced", stop, "--token-ms", "5");
        var work = new Workload[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            await bench.AddServerAsync(names[i], stop);
            work[i] = bench.Servers.Find(s => s.Name == names[i])?.Work(provider, stream: true) ?? throw new IOException($"{names[i]} is not installed.");
            await ClosedLoop.RunAsync(work[i], 32, arguments.Seconds("warmup", 10), stop);
        }

        var load = await LoadAverageAsync(stop);
        var book = new Book();
        var pairs = await SendAsync(work, count, rate, book, stop);
        load += " before, " + await LoadAverageAsync(stop) + " after";
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{count:N0} paced streams through each, in turn, {rate:0.#} streams/s in all; load average of the machine {load}; wrong answers: {Figures.Errors(book.Drain(1).Errors)}.\n\n{Text(names, pairs)}");
        await Report.WriteAsync(text, arguments.Text("out"), stop);
        return pairs.All(p => p.IsRight) ? 0 : 1;
    }

    private static async Task<Pair[]> SendAsync(Workload[] work, int count, double rate, Book book, CancellationToken stop)
    {
        var pairs = Enumerable.Range(0, count).Select(_ => new Pair()).ToArray();
        var duration = TimeSpan.FromSeconds(2 * count / rate);
        var all = work.Select(w => Enumerable.Range(0, Workers).Select(_ => new RawConnection(w.Endpoint)).ToArray()).ToArray();
        using var watchdog = new Watchdog([.. all.SelectMany(c => c)], duration + ClosedLoop.Grace, stop);

        await TimedSends.RunAsync(
            TimedSends.Evenly(0, rate, duration).Take(2 * count),
            Workers,
            async (worker, number, _) =>
            {
                // Every other pair the other way round, so that neither always follows the other.
                var pair = number / 2;
                var which = (int)((number + pair) % 2);
                pairs[pair].Micros[which] = await FirstTokenAsync(all[which][worker], work[which], book);
            },
            _ => { },
            stop);
        return pairs;
    }

    /// <summary>From the moment before the request is written; 0 for a wrong answer, whose reason goes into the book.</summary>
    private static async ValueTask<long> FirstTokenAsync(RawConnection connection, Workload work, Book book)
    {
        try
        {
            await connection.OpenAsync();
            var at = Clock.Now;
            var exchange = await connection.SendAsync(work.Requests[0]);
            if (work.Fault(exchange, connection.Gauge) is not { } fault)
            {
                return Math.Max(1, Clock.Micros(at, connection.Gauge.FirstAt));
            }

            book.CountError(fault);
        }
        catch (Exception e) when (e is IOException or SocketException or InvalidDataException or ObjectDisposedException)
        {
            book.CountError(e.Message);
        }

        return 0;
    }

    private static string Text(string[] names, Pair[] pairs)
    {
        var right = pairs.Where(p => p.IsRight).ToArray();
        var values = names.Select((_, i) => right.Select(p => p.Micros[i]).ToArray()).ToArray();
        var table = new MarkdownTable(["first token", .. Quantiles.Select(q => string.Create(CultureInfo.InvariantCulture, $"p{q * 100:0} ms")), "slowest ms", "wrong"]);
        for (var i = 0; i < names.Length; i++)
        {
            table.Add(
                [names[i], .. Quantiles.Select(q => Figures.Ms(Bootstrap.Quantile(values[i], q))), Figures.Ms(values[i].Max()), Figures.Number(pairs.Count(p => p.Micros[i] == 0))]);
        }

        var random = new Random(Seed);
        var added = Quantiles.Select(q => Bootstrap.Difference(values[0], values[1], q, random));
        table.Add(["added (95 % of draws)", .. added.Select(d => $"{Figures.Ms(d.Value)} ({Figures.Ms(d.Low)} to {Figures.Ms(d.High)})"), "", ""]);
        return table.ToString();
    }

    private static async Task<string> LoadAverageAsync(CancellationToken stop) => (await File.ReadAllTextAsync("/proc/loadavg", stop)).Split(' ')[0];

    /// <summary>Two streams, one after the other, through each server; microseconds to the first token, 0 for a wrong answer.</summary>
    private sealed record Pair
    {
        public long[] Micros { get; } = new long[2];

        public bool IsRight => Micros[0] > 0 && Micros[1] > 0;
    }
}
