using System.Globalization;
using System.Text;
using Relay.Load.Cli;

namespace Relay.Load.Overhead;

/// <summary>The tables of <c>overhead</c>: one of figures for each scenario, then the ratios.</summary>
internal static class OverheadReport
{
    /// <summary>All tables.</summary>
    public static string Text(OverheadOptions options, IReadOnlyCollection<string> missing, IReadOnlyList<Sample> samples)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Medians of {options.Rounds} interleaved rounds of {options.Seconds.TotalSeconds:0.#} s; closed: {options.Connections} connections; rate: {options.Rate:0} requests/s, measured from the intended start. {Environment.ProcessorCount} processors.");
        text.AppendLine(options.Coalesce
            ? "The provider sends unpaced chunks together, so that it is not itself the bottleneck."
            : "The provider sends each unpaced chunk on its own.");
        if (missing.Count > 0)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"Not installed, so not compared: {string.Join(", ", missing)}.");
        }

        foreach (var scenario in samples.GroupBy(s => s.Scenario))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n### {scenario.Key.Name}\n\n").Append(FiguresOf(scenario));
        }

        var ratios = RatioTable.Of(samples);
        return ratios.IsEmpty ? text.ToString()
            : text.Append("\n### Ratios\n\nTaken within each round, then the median; in brackets the lowest and highest round.\n\n").Append(ratios).ToString();
    }

    private static MarkdownTable FiguresOf(IEnumerable<Sample> samples)
    {
        var stream = samples.First().Scenario.Stream;
        string[] heads = ["server", "requests/s", "p50 ms", "p99 ms", "p99.9 ms"];
        string[] tokens = stream ? ["first token p50", "first token p99", "gap p50", "gap p99"] : [];
        var table = new MarkdownTable([.. heads, .. tokens, "CPU µs/request", "provider µs", "driver µs", "allocated KB/request", "resident MB", "errors"]);
        foreach (var server in samples.GroupBy(s => s.Server))
        {
            string Of(Func<Sample, double?> value, Func<double?, string> show) => show(Figures.Median(server.Select(value)));
            string[] cells =
            [
                server.Key,
                Of(s => s.Load.PerSecond, v => Figures.Number(v)),
                Of(s => s.Latency(0.5), Figures.Ms),
                Of(s => s.Latency(0.99), Figures.Ms),
                Of(s => s.Latency(0.999), Figures.Ms),
            ];
            string[] tokenCells = stream
                ? [Of(s => s.FirstToken(0.5), Figures.Ms), Of(s => s.FirstToken(0.99), Figures.Ms), Of(s => s.Gap(0.5), Figures.Ms), Of(s => s.Gap(0.99), Figures.Ms)]
                : [];
            table.Add(
            [
                .. cells,
                .. tokenCells,
                Of(s => s.CpuMicros, v => Figures.Number(v)),
                Of(s => s.ProviderCpuMicros, v => Figures.Number(v)),
                Of(s => s.DriverCpuMicros, v => Figures.Number(v)),
                Of(s => s.AllocatedBytes / 1024, v => Figures.Number(v, 1)),
                Of(s => s.ResidentKb, Figures.Mb),
                Figures.Number(server.Sum(s => s.Load.ErrorCount)),
            ]);
        }

        return table;
    }
}
