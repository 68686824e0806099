using Relay.Silo.Grains;

namespace Relay.Api.Stats;

/// <summary>A distribution that a heat-map can show.</summary>
public sealed class HeatmapMetric
{
    private static readonly HeatmapMetric[] Table =
    [
        new("latency", "ms", MeterPart.Latency),
        new("first_token", "ms", MeterPart.FirstToken),
        new("inter_token", "ms", MeterPart.InterToken),
        new("tokens_per_second", "tokens/s", MeterPart.TokensPerSecond),
    ];

    private HeatmapMetric(string name, string unit, MeterPart part)
    {
        Name = name;
        Unit = unit;
        Part = part;
    }

    /// <summary>Every metric.</summary>
    public static IReadOnlyList<HeatmapMetric> All => Table;

    /// <summary>Total latency: what is shown when nobody says.</summary>
    public static HeatmapMetric Latency => Table[0];

    /// <summary>Its name, as it is asked for.</summary>
    public string Name { get; }

    /// <summary>Its unit: <c>ms</c> or <c>tokens/s</c>.</summary>
    public string Unit { get; }

    /// <summary>What it needs of a meter.</summary>
    public MeterPart Part { get; }

    /// <summary>The metric of a name; null when there is none.</summary>
    public static HeatmapMetric? Find(string? name) => Array.Find(Table, metric => metric.Name == name);
}
