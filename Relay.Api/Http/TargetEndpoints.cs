using Microsoft.AspNetCore.Routing;
using Relay.Api.Stats;

namespace Relay.Api.Http;

/// <summary>Stats of targets, whoever uses them.</summary>
internal static class TargetEndpoints
{
    /// <summary>Maps <c>/api/v1/targets</c>, <c>/api/v1/targets/{target}</c> and <c>/api/v1/targets/{target}/series</c>.</summary>
    public static void MapTargets(this IEndpointRouteBuilder routes, StatsQuery stats) => new NamedStats<TargetsReport>
    {
        Kind = "target",
        NotFound = name => $"No model has a target {name}; /api/v1/targets lists those that are configured.",
        GetAll = stats.GetTargetsAsync,
        Find = stats.FindTargetAsync,
        FindSeries = stats.FindTargetSeriesAsync,
        WriteAll = StatsJson.WriteAsync,
        WriteOne = StatsJson.WriteSingle,
    }.Map(routes);
}
