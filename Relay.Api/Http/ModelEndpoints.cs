using Microsoft.AspNetCore.Routing;
using Relay.Api.Stats;

namespace Relay.Api.Http;

/// <summary>Stats of models and their targets.</summary>
internal static class ModelEndpoints
{
    /// <summary>Maps <c>/api/v1/models</c>, <c>/api/v1/models/{model}</c>, and its <c>/series</c> and <c>/heatmap</c>.</summary>
    public static void MapModels(this IEndpointRouteBuilder routes, StatsQuery stats) => new NamedStats<StatsReport>
    {
        Kind = "model",
        NoSuch = NotFound.Model,
        GetAll = stats.GetAllAsync,
        Find = stats.FindAsync,
        FindSeries = stats.FindModelSeriesAsync,
        FindHeatmap = stats.FindModelHeatmapAsync,
        WriteAll = StatsJson.WriteAsync,
        WriteOne = StatsJson.WriteSingle,
    }.Map(routes);
}
