using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.Api.Stats;

namespace Relay.Api.Http;

/// <summary>Stats of targets, whoever uses them.</summary>
internal static class TargetEndpoints
{
    private const string Target = "target";

    /// <summary>Maps <c>/api/v1/targets</c>, <c>/api/v1/targets/{target}</c> and <c>/api/v1/targets/{target}/series</c>.</summary>
    public static void MapTargets(this IEndpointRouteBuilder routes, StatsQuery stats)
    {
        routes.MapMethods("/api/v1/targets", Methods.Read, context => GetAllAsync(context, stats));
        routes.MapMethods("/api/v1/targets/{**target}", Methods.Read, context => GetNamedAsync(context, stats));
    }

    private static Task GetNamedAsync(HttpContext context, StatsQuery stats)
    {
        var (name, isSeries) = NameInPath.Read(context);
        return isSeries
            ? SeriesEndpoints.AnswerAsync(context, (Target, name), NotFound(name), selection => stats.FindTargetSeriesAsync(name, selection, context.RequestAborted))
            : GetOneAsync(context, stats, name);
    }

    private static async Task GetAllAsync(HttpContext context, StatsQuery stats)
    {
        if (WindowParameter.Read(context.Request.Query, out var window) is { } error)
        {
            await error.WriteAsync(context);
            return;
        }

        var report = await stats.GetTargetsAsync(window, context.RequestAborted);
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

        if (await stats.FindTargetAsync(name, window, context.RequestAborted) is not { } report)
        {
            await NotFound(name).WriteAsync(context);
            return;
        }

        await using var answer = new JsonAnswer(context);
        StatsJson.WriteSingle(answer, report);
    }

    private static ErrorAnswer NotFound(string name) =>
        new(StatusCodes.Status404NotFound, "target_not_found", $"No model has a target {ErrorAnswer.Echo(name)}; /api/v1/targets lists those that are configured.", Target);
}
