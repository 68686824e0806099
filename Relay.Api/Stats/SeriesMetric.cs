using Relay.Silo.Grains;

namespace Relay.Api.Stats;

/// <summary>A figure that can be asked for along a window: which part of the meters it needs, and how it comes from a step of that.</summary>
public sealed class SeriesMetric
{
    private static readonly SeriesMetric[] Table =
    [
        Counted("requests", "count", static figures => figures.Count),
        Counted("attempts", "count", static figures => figures.Attempts),
        Counted("errors", "count", static figures => figures.Errors.Aggregate(0L, static (sum, error) => MeterSum.Add(sum, error.Count))),
        Counted("success_rate", "ratio", static figures => figures.SuccessRate),
        Counted("retries", "count", static figures => figures.Retries),
        Counted("failovers", "count", static figures => figures.Failovers),
        Counted("rescues", "count", static figures => figures.Rescues),
        Counted("wasted_tokens", "count", static figures => figures.WastedTokens),
        Counted("wasted_cost_usd", "USD", static figures => figures.WastedCost.ToUsd()),
        Counted("tokens", "count", static figures => figures.TotalTokens),
        Counted("cost_usd", "USD", static figures => figures.Cost?.ToUsd()),
        .. Distributed("latency", "ms", MeterPart.Latency),
        .. Distributed("first_token", "ms", MeterPart.FirstToken),
        .. Distributed("inter_token", "ms", MeterPart.InterToken),
        .. Distributed("tokens_per_second", "tokens/s", MeterPart.TokensPerSecond),
    ];

    private readonly Func<MeterSlice, decimal?> _value;

    private SeriesMetric(string name, string unit, MeterPart part, Func<MeterSlice, decimal?> value)
    {
        Name = name;
        Unit = unit;
        Part = part;
        _value = value;
    }

    /// <summary>Every metric.</summary>
    public static IReadOnlyList<SeriesMetric> All => Table;

    /// <summary>Its name, as it is asked for.</summary>
    public string Name { get; }

    /// <summary>Its unit: <c>count</c>, <c>ratio</c> (0 to 1), <c>ms</c>, <c>tokens/s</c> or <c>USD</c>.</summary>
    public string Unit { get; }

    /// <summary>What it needs of a meter.</summary>
    public MeterPart Part { get; }

    /// <summary>The metric of a name; null when there is none.</summary>
    public static SeriesMetric? Find(string? name) => Array.Find(Table, metric => metric.Name == name);

    /// <summary>Its value in one step; null where there is nothing to tell it from.</summary>
    /// <param name="slice">What <see cref="Part"/> holds in that step.</param>
    public decimal? ValueOf(MeterSlice slice) => _value(slice);

    /// <summary>By way of the figures, so that a series and the figures of a window mean the same.</summary>
    private static SeriesMetric Counted(string name, string unit, Func<MeterFigures, decimal?> value) =>
        new(name, unit, MeterPart.Counts, slice => value(MeterFigures.From(MeterStats.Nothing with { Counts = slice.Counts })));

    private static IEnumerable<SeriesMetric> Distributed(string name, string unit, MeterPart part)
    {
        (string Suffix, Func<DistributionFigures, decimal> Value)[] figures =
        [
            ("p50", static f => f.P50),
            ("p90", static f => f.P90),
            ("p95", static f => f.P95),
            ("p99", static f => f.P99),
            ("avg", static f => f.Avg),
        ];
        return figures.Select(figure => new SeriesMetric($"{name}_{figure.Suffix}", unit, part, slice =>
            DistributionFigures.From(slice.Distribution) is { } found ? figure.Value(found) : null));
    }
}
