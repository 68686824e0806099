using System.Globalization;
using Relay.Load.Cli;

namespace Relay.Load.Overhead;

/// <summary>Relay against each other server, round by round.</summary>
internal static class RatioTable
{
    private static readonly (string Server, string Base)[] Pairs =
        [("relay", "bare"), ("relay", "nginx"), ("relay", "portkey"), ("relay-h2", "bare-h2"), ("relay-h2", "nginx"), ("bare", "nginx"), ("relay", "direct"),
            ("relay-anthropic", "relay"), ("relay-gemini", "relay"), ("relay-otel", "relay"), ("relay-otel-all", "relay"), ("relay-cluster", "relay")];

    /// <summary>The table.</summary>
    public static MarkdownTable Of(IReadOnlyList<Sample> samples)
    {
        var table = new MarkdownTable(
            "scenario", "servers", "throughput", "CPU per request", "added p50 ms", "added p99 ms", "added first token p50 ms", "added first token p99 ms");
        foreach (var scenario in samples.GroupBy(s => s.Scenario))
        {
            foreach (var (server, other) in Pairs)
            {
                var rounds = Rounds(scenario, server, other);
                if (rounds.Length > 0)
                {
                    table.Add(Row(scenario.Key, $"{server} / {other}", rounds));
                }
            }
        }

        return table;
    }

    private static (Sample One, Sample Other)[] Rounds(IEnumerable<Sample> samples, string server, string other) =>
    [
        .. from one in samples
           where one.Server == server
           from two in samples
           where two.Server == other && two.Round == one.Round
           select (one, two),
    ];

    private static string[] Row(Scenario scenario, string pair, (Sample One, Sample Other)[] rounds)
    {
        string Spread(Func<Sample, double?> value, Func<double, double, double> of, Func<double, string> show)
        {
            var values = rounds.Select(r => value(r.One) is { } a && value(r.Other) is { } b ? of(a, b) : (double?)null).Where(v => v is { } x && double.IsFinite(x)).ToArray();
            return values.Length == 0 ? "–" : $"{show(Figures.Median(values)!.Value)} ({show(values.Min()!.Value)}–{show(values.Max()!.Value)})";
        }

        string Ratio(Func<Sample, double?> value) => Spread(value, static (a, b) => a / b, static v => v.ToString("0.00", CultureInfo.InvariantCulture));
        string Added(Func<Sample, double?> value) => Spread(value, static (a, b) => a - b, static v => Figures.Ms(v));
        return
        [
            scenario.Name,
            pair,
            scenario.FixedRate ? "–" : Ratio(s => s.Load.PerSecond),
            Ratio(s => s.CpuMicros),
            Added(s => s.Latency(0.5)),
            Added(s => s.Latency(0.99)),
            Added(s => s.FirstToken(0.5)),
            Added(s => s.FirstToken(0.99)),
        ];
    }
}
