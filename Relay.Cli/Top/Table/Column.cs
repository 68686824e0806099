using Relay.V1;

namespace Relay.Cli.Top.Table;

/// <summary>A column of figures.</summary>
/// <param name="Header">Its head.</param>
/// <param name="Rank">Which one goes when it gets narrow: the highest goes first.</param>
/// <param name="Sort">The key that it is, when it can be sorted by.</param>
/// <param name="Of">A row's cell, at a time.</param>
/// <param name="IsLeft">It is aligned at the left.</param>
internal sealed record Column(string Header, int Rank, SortBy? Sort, Func<Row, DateTime, Cell> Of, bool IsLeft = false)
{
    /// <summary>The breaker with its reason.</summary>
    public static Column LongBreaker { get; } = new("breaker", 8, null, (row, now) => BreakerCell.Of(row, now, withReason: true), IsLeft: true);

    /// <summary>The breaker in short.</summary>
    public static Column ShortBreaker { get; } = new("breaker", 2, null, (row, now) => BreakerCell.Of(row, now, withReason: false), IsLeft: true);

    /// <summary>The columns beside the name, from left to right. Two say the same of the breaker: at most one of them is shown.</summary>
    public static Column[] All { get; } =
    [
        new("requests", 0, SortBy.Requests, (row, _) => new(Format.Count(row.Figures.Count))),
        new("success", 1, SortBy.Success, (row, _) => Success(row.Figures)),
        new("avg", 7, SortBy.Latency, (row, _) => Time(row.Figures.LatencyMs?.Avg)),
        new("p95", 3, SortBy.P95, (row, _) => Time(row.Figures.LatencyMs?.P95)),
        new("ttft", 4, SortBy.Ttft, (row, _) => Time(row.Figures.FirstTokenMs?.P50)),
        new("tok/s", 6, SortBy.Tps, (row, _) => Known(Format.Rate(row.Figures.TokensPerSecond?.P50))),
        new("cost", 5, SortBy.Cost, (row, _) => Cost(row.Figures)),
        new("errors", 10, SortBy.Errors, (row, _) => Errors(row.Figures)),
        new("active", 9, null, (row, _) => new(Format.Count(row.Figures.Active), row.Figures.Active == 0 ? Tone.Faint : Tone.Plain)),
        LongBreaker,
        ShortBreaker,
    ];

    private static Cell Known(string text) => new(text, text == Format.None ? Tone.Faint : Tone.Plain);

    private static Cell Time(double? milliseconds) => Known(Format.Milliseconds(milliseconds));

    private static Cell Success(Figures figures) => !figures.HasSuccessRate
        ? new(Format.None, Tone.Faint)
        : new(Format.Percent(figures.SuccessRate), figures.SuccessRate switch { >= 0.99 => Tone.Plain, >= 0.9 => Tone.Warning, _ => Tone.Bad });

    /// <summary>A plus says that there is more: answers without a price.</summary>
    private static Cell Cost(Figures figures) => Known(!figures.HasCostNanoUsd ? Format.None : Format.Cost(figures.CostNanoUsd) + (figures.Unpriced > 0 ? "+" : ""));

    private static Cell Errors(Figures figures)
    {
        var count = figures.Errors.Values.Sum();
        return new(Format.Count(count), count == 0 ? Tone.Faint : Tone.Plain);
    }
}
