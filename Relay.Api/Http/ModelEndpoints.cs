using Microsoft.AspNetCore.Routing;
using Relay.Api.Stats;

namespace Relay.Api.Http;

/// <summary>Stats of models and their targets.</summary>
internal static class ModelEndpoints
{
    /// <summary>Maps <c>/api/v1/models</c>, <c>/api/v1/models/{model}</c> and <c>/api/v1/models/{model}/series</c>.</summary>
    public static void MapModels(this IEndpointRouteBuilder routes, StatsQuery stats) => new NamedStats<StatsReport>
    {
        Kind = "model",
        NotFound = name => $"No model {name} is configured; /api/v1/info lists those that are.",
        GetAll = stats.GetAllAsync,
        Find = stats.FindAsync,
        FindSeries = stats.FindModelSeriesAsync,
        WriteAll = StatsJson.WriteAsync,
        WriteOne = StatsJson.WriteSingle,
    }.Map(routes);
}
