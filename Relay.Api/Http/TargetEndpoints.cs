using Microsoft.AspNetCore.Routing;
using Relay.Api.Stats;

namespace Relay.Api.Http;

/// <summary>Stats of targets, whoever uses them.</summary>
internal static class TargetEndpoints
{
    /// <summary>Maps <c>/api/v1/targets</c>, <c>/api/v1/targets/{target}</c>, and its <c>/series</c> and <c>/heatmap</c>.</summary>
    public static void MapTargets(this IEndpointRouteBuilder routes, StatsQuery stats) => new NamedStats<TargetsReport>
    {
        Kind = "target",
        NoSuch = NotFound.Target,
        GetAll = stats.GetTargetsAsync,
        Find = stats.FindTargetAsync,
        FindSeries = stats.FindTargetSeriesAsync,
        FindHeatmap = stats.FindTargetHeatmapAsync,
        WriteAll = StatsJson.WriteAsync,
        WriteOne = StatsJson.WriteSingle,
    }.Map(routes);
}
