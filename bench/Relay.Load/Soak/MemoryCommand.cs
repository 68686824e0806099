using System.Globalization;
using Relay.Load.Cli;
using Relay.Load.Driving;
using Relay.Load.Overhead;

namespace Relay.Load.Soak;

/// <summary><c>memory</c>: does Relay's memory grow with the number of requests it has served?</summary>
internal static class MemoryCommand
{
    private const int Steps = 20;

    /// <summary>Runs and prints the table.</summary>
    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        var requests = Math.Max(Steps, (long)arguments.Number("requests", 1_000_000));
        var connections = arguments.Whole("connections", 32);
        await using var bench = new Bench();
        var provider = await bench.AddUpstreamAsync(Bench.Fast, "gpt-sim", stop, "--coalesce");
        await bench.AddServerAsync("relay", stop);
        var relay = bench.Servers[0];
        var work = relay.Work(provider, arguments.Has("stream"));

        var table = new MarkdownTable("requests", "resident MB", "heap MB", "gen 2", "GC pause ms", "handles", "threads", "p99 ms", "errors");
        table.Add("0", Figures.Mb(relay.Tree!.ResidentKb), "–", "–", "–", Figures.Number(relay.Tree.Handles), Figures.Number(relay.Tree.Threads), "–", "–");
        var (served, errors) = (0L, 0L);
        for (var step = 0; step < Steps; step++)
        {
            var result = await ClosedLoop.RunAsync(work, connections, TimeSpan.FromHours(1), stop, requests / Steps);
            served += result.Count;
            errors += result.ErrorCount;
            var gc = relay.Gc ?? default;
            table.Add(
                Figures.Number(served),
                Figures.Mb(relay.Tree.ResidentKb),
                Figures.Mb(gc.HeapBytes / 1024.0),
                Figures.Number(gc.Gen2),
                Figures.Number(gc.PauseMicros / 1000.0, 1),
                Figures.Number(relay.Tree.Handles),
                Figures.Number(relay.Tree.Threads),
                Figures.Ms(result.Latency.Quantile(0.99)),
                Figures.Errors(result.Errors));
        }

        var text = string.Create(CultureInfo.InvariantCulture, $"{served:N0} {(work.Stream ? "streams" : "plain requests")} on {connections} connections; highest resident memory {Figures.Mb(relay.Tree.PeakKb)} MB.\n\n{table}");
        await Report.WriteAsync(text, arguments.Text("out"), stop);
        return errors == 0 ? 0 : 1;
    }
}
