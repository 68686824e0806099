using System.Globalization;
using Relay.Load.Cli;
using Relay.Load.Driving;
using Relay.Load.Servers;

namespace Relay.Load.Overhead;

/// <summary>
/// <c>overhead</c>: what each server adds. Rounds are interleaved (every server once in each scenario, then the next round, in another
/// order), so that what else the machine does falls on all of them; ratios are taken within a round.
/// </summary>
internal static class OverheadCommand
{
    /// <summary>Runs and prints the tables.</summary>
    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        var options = OverheadOptions.Read(arguments);
        await using var bench = new Bench();
        await StartAsync(bench, options, stop);
        var work = await ExpectAsync(bench, options, stop);

        await WarmUpAsync(bench, options, work, stop);
        var samples = new List<Sample>();
        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var scenario in options.Scenarios)
            {
                foreach (var server in Rotated(bench.Servers, round))
                {
                    var sample = await Measurement.RunAsync(
                        server, UpstreamOf(bench, scenario), scenario, round, () => LoadAsync(work[(server, scenario)], scenario, options, options.Seconds, stop), stop);
                    samples.Add(sample);
                    await TellAsync(sample);
                }
            }
        }

        await Report.WriteAsync(OverheadReport.Text(options, bench.Missing, samples), arguments.Text("out"), stop);
        return samples.Sum(s => s.Load.ErrorCount) == 0 ? 0 : 1;
    }

    private static async Task StartAsync(Bench bench, OverheadOptions options, CancellationToken stop)
    {
        await bench.AddUpstreamAsync(Bench.Fast, "gpt-sim", stop, options.Coalesce ? ["--coalesce"] : []);
        await bench.AddUpstreamAsync(Bench.Paced, "gpt-paced", stop, "--token-ms", "5");
        foreach (var name in options.Servers)
        {
            await bench.AddServerAsync(name, stop);
        }
    }

    /// <summary>Asks the provider itself what a right answer is, and holds every server to it.</summary>
    private static async Task<Dictionary<(Contender, Scenario), Workload>> ExpectAsync(Bench bench, OverheadOptions options, CancellationToken stop)
    {
        var direct = await Contenders.StartAsync("direct", bench.Upstreams, bench.Folder, stop);
        var all = new Dictionary<(Contender, Scenario), Workload>();
        foreach (var scenario in options.Scenarios)
        {
            var upstream = UpstreamOf(bench, scenario);
            var bytes = scenario.Stream ? 0 : await OneAnswer.BytesAsync(direct!.Work(upstream, scenario.Stream));
            foreach (var server in bench.Servers)
            {
                all[(server, scenario)] = server.Work(upstream, scenario.Stream) with { Bytes = server.Exact ? bytes : 0 };
            }
        }

        return all;
    }

    private static async Task WarmUpAsync(Bench bench, OverheadOptions options, Dictionary<(Contender, Scenario), Workload> work, CancellationToken stop)
    {
        foreach (var server in bench.Servers)
        {
            foreach (var scenario in options.Scenarios)
            {
                var result = await LoadAsync(work[(server, scenario)], scenario, options, options.WarmUp, stop);
                if (result.Count == 0)
                {
                    throw new IOException($"{server.Name} gives no right answer in '{scenario.Name}': {Figures.Errors(result.Errors)}");
                }
            }
        }
    }

    private static Task<LoadResult> LoadAsync(Workload work, Scenario scenario, OverheadOptions options, TimeSpan duration, CancellationToken stop) =>
        scenario.FixedRate
            ? OpenLoop.RunAsync(work, options.Rate, OverheadOptions.RateConnections, duration, stop)
            : ClosedLoop.RunAsync(work, options.Connections, duration, stop);

    private static Upstream UpstreamOf(Bench bench, Scenario scenario) => bench.Upstreams[scenario.Paced ? 1 : 0];

    private static IEnumerable<Contender> Rotated(List<Contender> servers, int round) =>
        Enumerable.Range(0, servers.Count).Select(i => servers[(i + round - 1) % servers.Count]);

    private static Task TellAsync(Sample s) => Console.Error.WriteLineAsync(string.Create(
        CultureInfo.InvariantCulture,
        $"round {s.Round}  {s.Scenario.Name,-22}{s.Server,-10}{s.Load.PerSecond,10:N0}/s  p50 {Figures.Ms(s.Latency(0.5))} ms  p99 {Figures.Ms(s.Latency(0.99))} ms  errors {Figures.Errors(s.Load.Errors)}"));
}
