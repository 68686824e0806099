using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.Api.Stats;

namespace Relay.Api.Http;

/// <summary>Stats of models and their targets.</summary>
internal static class ModelEndpoints
{
    private const string Model = "model";

    /// <summary>Maps <c>/api/v1/models</c>, <c>/api/v1/models/{model}</c> and <c>/api/v1/models/{model}/series</c>.</summary>
    public static void MapModels(this IEndpointRouteBuilder routes, StatsQuery stats)
    {
        routes.MapMethods("/api/v1/models", Methods.Read, context => GetAllAsync(context, stats));
        routes.MapMethods("/api/v1/models/{**model}", Methods.Read, context => GetNamedAsync(context, stats));
    }

    private static Task GetNamedAsync(HttpContext context, StatsQuery stats)
    {
        var (name, isSeries) = NameInPath.Read(context);
        return isSeries
            ? SeriesEndpoints.AnswerAsync(context, (Model, name), NotFound(name), selection => stats.FindModelSeriesAsync(name, selection, context.RequestAborted))
            : GetOneAsync(context, stats, name);
    }

    private static async Task GetAllAsync(HttpContext context, StatsQuery stats)
    {
        if (WindowParameter.Read(context.Request.Query, out var window) is { } error)
        {
            await error.WriteAsync(context);
            return;
        }

        var report = await stats.GetAllAsync(window, context.RequestAborted);
        await using var answer = new JsonAnswer(context);
        await StatsJson.WriteAsync(answer, report);
    }

    private static async Task GetOneAsync(HttpContext context, StatsQuery stats, string name)
    {
        if (WindowParameter.Read(context.Request.Query, out var window) is { } error)
        {
            await error.WriteAsync(context);
            return;
        }

        if (await stats.FindAsync(name, window, context.RequestAborted) is not { } report)
        {
            await NotFound(name).WriteAsync(context);
            return;
        }

        await using var answer = new JsonAnswer(context);
        StatsJson.WriteSingle(answer, report);
    }

    private static ErrorAnswer NotFound(string name) =>
        new(StatusCodes.Status404NotFound, "model_not_found", $"No model {ErrorAnswer.Echo(name)} is configured; /api/v1/info lists those that are.", Model);
}
