using System.Globalization;
using Relay.Load.Cli;
using Relay.Load.Driving;
using Relay.Load.Overhead;
using Relay.Load.Servers;

namespace Relay.Load.Soak;

/// <summary><c>targets</c>: does a request cost more when there are many targets?</summary>
internal static class TargetsCommand
{
    private static readonly (string Name, int Models, int Targets)[] Shapes =
    [
        ("2 targets, 1 model", 1, 2),
        ("200 targets, 100 models of 2", 100, 2),
        ("200 targets, 4 models of 50", 4, 50),
    ];

    /// <summary>Runs and prints the table.</summary>
    public static async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        var rounds = Math.Max(1, arguments.Whole("rounds", 3));
        var duration = arguments.Seconds("seconds", 10);
        var connections = arguments.Whole("connections", 32);
        await using var bench = new Bench();
        var provider = await bench.AddUpstreamAsync(Bench.Fast, "gpt-sim", stop);
        var work = new Dictionary<string, Workload>();
        foreach (var shape in Shapes)
        {
            var server = await StartAsync(bench, provider, shape, stop);
            work[shape.Name] = server.Work(provider, stream: false, [.. ModelNames(shape.Models)]);
            await ClosedLoop.RunAsync(work[shape.Name], connections, duration / 3, stop);
        }

        var samples = new List<Sample>();
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var server in bench.Servers)
            {
                samples.Add(await Measurement.RunAsync(
                    server, provider, Scenario.All[0], round, () => ClosedLoop.RunAsync(work[server.Name], connections, duration, stop), stop));
            }
        }

        await Report.WriteAsync(Text(samples, rounds, duration), arguments.Text("out"), stop);
        return samples.Sum(s => s.Load.ErrorCount) == 0 ? 0 : 1;
    }

    private static async Task<Contender> StartAsync(Bench bench, Upstream provider, (string Name, int Models, int Targets) shape, CancellationToken stop)
    {
        var folder = Directory.CreateDirectory(Path.Combine(bench.Folder, $"targets-{bench.Servers.Count}")).FullName;
        var models = ModelNames(shape.Models).Select(model =>
            KeyValuePair.Create(model, Enumerable.Range(0, shape.Targets).Select(i => $"{provider.Name}/{model}-{i}").ToArray()));
        var server = await Contenders.RelayAsync(shape.Name, [provider], folder, RelayConfigFile.Write(folder, [provider], models), stop);
        bench.Add(server);
        return server;
    }

    private static IEnumerable<string> ModelNames(int count) => Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"model-{i}"));

    private static string Text(List<Sample> samples, int rounds, TimeSpan duration)
    {
        var table = new MarkdownTable("Relay with", "requests/s", "CPU µs/request", "against the first row", "allocated KB/request", "p99 ms", "resident MB", "errors");
        var first = samples.Where(s => s.Server == samples[0].Server).ToArray();
        foreach (var server in samples.GroupBy(s => s.Server))
        {
            var ratio = Figures.Median(server.Zip(first, (a, b) => a.CpuMicros / b.CpuMicros));
            table.Add(
                server.Key,
                Figures.Number(Figures.Median(server.Select(s => (double?)s.Load.PerSecond))),
                Figures.Number(Figures.Median(server.Select(s => s.CpuMicros)), 1),
                Figures.Number(ratio, 2),
                Figures.Number(Figures.Median(server.Select(s => s.AllocatedBytes / 1024)), 1),
                Figures.Ms(Figures.Median(server.Select(s => s.Latency(0.99)))),
                Figures.Mb(Figures.Median(server.Select(s => s.ResidentKb))),
                Figures.Number(server.Sum(s => s.Load.ErrorCount)));
        }

        return string.Create(CultureInfo.InvariantCulture, $"Medians of {rounds} interleaved rounds of {duration.TotalSeconds:0.#} s, plain answers, closed loop.\n\n{table}");
    }
}
