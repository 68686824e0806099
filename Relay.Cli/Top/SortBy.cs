namespace Relay.Cli.Top;

/// <summary>What the models are sorted by. The targets of a model stay in their configured order, which is the order of failover.</summary>
internal enum SortBy
{
    /// <summary>The most requests first.</summary>
    Requests,

    /// <summary>The lowest success first.</summary>
    Success,

    /// <summary>The longest mean latency first.</summary>
    Latency,

    /// <summary>The longest 95th percentile of latency first.</summary>
    P95,

    /// <summary>The longest median time to first token first.</summary>
    Ttft,

    /// <summary>The most tokens per second first.</summary>
    Tps,

    /// <summary>The dearest first.</summary>
    Cost,

    /// <summary>The most errors first.</summary>
    Errors,

    /// <summary>By name.</summary>
    Name,
}

/// <summary>Sorts models.</summary>
internal static class Sorting
{
    /// <summary>The word for <c>--sort</c>.</summary>
    public static string Word(SortBy by) => by.ToString().ToLowerInvariant();

    /// <summary>The models in order; those without the figure come last, equal ones by name.</summary>
    public static IEnumerable<V1.ModelFigures> Apply(IEnumerable<V1.ModelFigures> models, SortBy by, bool isReversed)
    {
        var named = models.OrderBy(model => model.Model, StringComparer.Ordinal);
        if (by == SortBy.Name)
        {
            return isReversed ? named.Reverse() : named;
        }

        // Descending, but for the success, whose trouble is at the low end.
        var sign = (by == SortBy.Success ? 1 : -1) * (isReversed ? -1 : 1);
        return named.OrderBy(model => Figure(model.Requests, by) is { } figure ? sign * figure : double.PositiveInfinity);
    }

    private static double? Figure(V1.Figures figures, SortBy by) => by switch
    {
        SortBy.Requests => figures.Count,
        SortBy.Success => figures.HasSuccessRate ? figures.SuccessRate : null,
        SortBy.Latency => figures.LatencyMs?.Avg,
        SortBy.P95 => figures.LatencyMs?.P95,
        SortBy.Ttft => figures.FirstTokenMs?.P50,
        SortBy.Tps => figures.TokensPerSecond?.P50,
        SortBy.Cost => figures.HasCostNanoUsd ? figures.CostNanoUsd : null,
        _ => figures.Errors.Values.Sum(),
    };
}
