using System.Globalization;
using Relay.Load.Cli;
using Relay.Load.Driving;
using Relay.Load.Overhead;
using Relay.Load.Servers;

namespace Relay.Load.Watching;

/// <summary><c>watch</c>: what live stats cost: how long stats calls take, and what requests through the gateway take with and without watchers.</summary>
internal static class WatchCommand
{
    private const int Models = 100;

    /// <summary>Runs and prints the tables.</summary>
    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        var (watchers, rate, calls) = (arguments.Whole("watchers", 100), arguments.Number("rate", 2_000), arguments.Number("calls", 20));
        var (rounds, duration) = (Math.Max(1, arguments.Whole("rounds", 3)), arguments.Seconds("seconds", 10));
        await using var bench = new Bench();
        var provider = await bench.AddUpstreamAsync(Bench.Fast, "gpt-sim", stop, "--coalesce");
        var models = Enumerable.Range(0, Models).Select(i => string.Create(CultureInfo.InvariantCulture, $"model-{i}")).ToArray();
        var targets = models.Select(model => KeyValuePair.Create(model, new[] { $"{provider.Name}/{model}-a", $"{provider.Name}/{model}-b" }));
        var relay = await Contenders.RelayAsync("relay", [provider], bench.Folder, RelayConfigFile.Write(bench.Folder, [provider], targets), stop);
        bench.Add(relay);
        var work = relay.Work(provider, stream: false, models);

        await ClosedLoop.RunAsync(work, 32, duration / 2, stop);
        await RunAsync(relay, provider, work, round: 0, rate, duration / 4, calls, watchers, stop);
        var runs = new List<Run>();
        for (var round = 1; round <= rounds; round++)
        {
            // Each round begins with the other one.
            foreach (var isWatched in round % 2 == 0 ? [true, false] : new[] { false, true })
            {
                runs.Add(await RunAsync(relay, provider, work, round, rate, duration, calls, isWatched ? watchers : 0, stop));
                await Console.Error.WriteLineAsync(runs[^1].ToString());
            }
        }

        await Report.WriteAsync(Text(runs, watchers, rate, calls, rounds, duration), arguments.Text("out"), stop);
        return runs.Sum(run => run.Sample.Load.ErrorCount) == 0 && runs.TrueForAll(run => run.Figure("errors") == 0) ? 0 : 1;
    }

    private static async Task<Run> RunAsync(
        Contender relay, Upstream provider, Workload work, int round, double rate, TimeSpan duration, double calls, int watchers, CancellationToken stop)
    {
        var watching = await StartAsync(relay, stop, "--watchers", Text(watchers));
        var asking = await StartAsync(relay, stop, "--calls", Text(calls));
        Sample sample;
        await using (watching)
        {
            await using (asking)
            {
                sample = await Measurement.RunAsync(
                    relay, provider, Scenario.All[0], round, () => OpenLoop.RunAsync(work, rate, OverheadOptions.RateConnections, duration, stop), stop);
            }
        }

        return new Run(watchers, sample, [.. Figures(watching), .. Figures(asking)]);
    }

    private static async Task<ServerProcess> StartAsync(Contender relay, CancellationToken stop, params string[] options)
    {
        // Whoever watches does so elsewhere: what reading and unpacking costs them must not take the processors from what is measured.
        string[] arguments = ["-n", options[0] == "--watchers" ? "19" : "0", "dotnet", Built.Driver, "watchers", "--api", relay.Api!.ToString(), "--grpc", relay.ApiGrpc!.ToString(), .. options];
        var (process, _) = await ServerProcess.StartAsync(new ServerStart("watchers", "nice", arguments), line => line == WatchersCommand.Ready ? line : null, stop);
        return process;
    }

    private static IEnumerable<KeyValuePair<string, double>> Figures(ServerProcess ended) =>
        from line in ended.Tail().Split('\n')
        where line.StartsWith(WatchersCommand.Result, StringComparison.Ordinal)
        from figure in line.Split(' ').Skip(1)
        let parts = figure.Split('=')
        select KeyValuePair.Create(parts[0], double.Parse(parts[1], CultureInfo.InvariantCulture));

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(List<Run> runs, int watchers, double rate, double calls, int rounds, TimeSpan duration)
    {
        var requests = new MarkdownTable("requests", "p50 ms", "p99 ms", "CPU µs/request", "allocated KB/request", "resident MB", "errors");
        var stats = new MarkdownTable("stats calls", "ListModels p50 ms", "p99 ms", "GetModel p50 ms", "p99 ms", "answer KB", "frames/s to each", "MB/s to all");
        foreach (var some in runs.GroupBy(run => run.Watchers).OrderBy(some => some.Key))
        {
            var name = some.Key == 0 ? "nobody watches" : $"{some.Key} watch";
            requests.Add(
                name,
                Cli.Figures.Ms(Median(some, run => run.Sample.Latency(0.5))),
                Cli.Figures.Ms(Median(some, run => run.Sample.Latency(0.99))),
                Cli.Figures.Number(Median(some, run => run.Sample.CpuMicros), 1),
                Cli.Figures.Number(Median(some, run => run.Sample.AllocatedBytes / 1024), 1),
                Cli.Figures.Mb(Median(some, run => run.Sample.ResidentKb)),
                Cli.Figures.Number(some.Sum(run => run.Sample.Load.ErrorCount)));
            stats.Add(
                name,
                Cli.Figures.Ms(Median(some, run => run.Figure("list50"))),
                Cli.Figures.Ms(Median(some, run => run.Figure("list99"))),
                Cli.Figures.Ms(Median(some, run => run.Figure("one50"))),
                Cli.Figures.Ms(Median(some, run => run.Figure("one99"))),
                Cli.Figures.Number(Median(some, run => run.Figure("answer") / 1024)),
                some.Key == 0 ? "–" : Cli.Figures.Number(Median(some, run => run.Figure("frames") / some.Key), 1),
                some.Key == 0 ? "–" : Cli.Figures.Number(Median(some, run => run.Figure("bytes") / 1_000_000), 1));
        }

        return string.Create(CultureInfo.InvariantCulture, $"{2 * Models} targets, {rate:N0} requests/s, {calls:0.#} stats calls/s, {watchers} watchers; medians of {rounds} interleaved rounds of {duration.TotalSeconds:0.#} s.\n\n{requests}\n{stats}");
    }

    private static double? Median(IEnumerable<Run> runs, Func<Run, double?> figure) => Cli.Figures.Median(runs.Select(figure));

    private sealed record Run(int Watchers, Sample Sample, List<KeyValuePair<string, double>> All)
    {
        /// <summary>The sum over both helpers.</summary>
        public double Figure(string name) => All.Where(figure => figure.Key == name).Sum(figure => figure.Value);

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"round {Sample.Round}  {Watchers,4} watch  p50 {Cli.Figures.Ms(Sample.Latency(0.5))} ms  p99 {Cli.Figures.Ms(Sample.Latency(0.99))} ms  CPU {Cli.Figures.Number(Sample.CpuMicros, 1)} µs  {string.Join(' ', All.Where(figure => figure.Value > 0).Select(figure => $"{figure.Key}={figure.Value}"))}");
    }
}
