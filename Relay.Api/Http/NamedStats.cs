using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.Api.Stats;
using Relay.Core.Latency;

namespace Relay.Api.Http;

/// <summary>What models and targets have in common: stats of all of them, of one by its name, and time series and heat-maps of one.</summary>
/// <typeparam name="TReport">What the figures come in.</typeparam>
internal sealed record NamedStats<TReport>
    where TReport : class
{
    /// <summary>What one is called in answers, and with an s in paths: <c>model</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>What to say when there is none of a name.</summary>
    public required Func<string, ErrorAnswer> NoSuch { get; init; }

    /// <summary>Gets all.</summary>
    public required Func<Window, CancellationToken, Task<TReport>> GetAll { get; init; }

    /// <summary>Finds one; null when there is none of that name.</summary>
    public required Func<string, Window, CancellationToken, Task<TReport?>> Find { get; init; }

    /// <summary>Finds the series of one; null when there is none of that name.</summary>
    public required Func<string, SeriesSelection, CancellationToken, Task<SeriesReport?>> FindSeries { get; init; }

    /// <summary>Finds the heat-map of one; null when there is none of that name.</summary>
    public required Func<string, HeatmapSelection, CancellationToken, Task<HeatmapReport?>> FindHeatmap { get; init; }

    /// <summary>Writes all.</summary>
    public required Func<JsonAnswer, TReport, Task> WriteAll { get; init; }

    /// <summary>Writes the one that was found.</summary>
    public required Action<JsonAnswer, TReport> WriteOne { get; init; }

    /// <summary>Maps <c>/api/v1/KINDs</c>, <c>/api/v1/KINDs/NAME</c>, and its <c>/series</c> and <c>/heatmap</c>.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods($"/api/v1/{Kind}s", Methods.Read, GetAllAsync);
        routes.MapMethods($"/api/v1/{Kind}s/{{**name}}", Methods.Read, GetNamedAsync);
    }

    private Task GetNamedAsync(HttpContext context)
    {
        var (name, view) = NameInPath.Read(context, NameInPath.Series, NameInPath.Heatmap);
        return view switch
        {
            NameInPath.Series => SeriesEndpoints.AnswerAsync(context, (Kind, name), NoSuch(name), selection => FindSeries(name, selection, context.RequestAborted)),
            NameInPath.Heatmap => HeatmapEndpoints.AnswerAsync(context, (Kind, name), NoSuch(name), selection => FindHeatmap(name, selection, context.RequestAborted)),
            _ => GetOneAsync(context, name),
        };
    }

    private async Task GetAllAsync(HttpContext context)
    {
        if (WindowParameter.Read(context.Request.Query, out var window) is { } error)
        {
            await error.WriteAsync(context);
            return;
        }

        var report = await GetAll(window, context.RequestAborted);
        await using var answer = new JsonAnswer(context);
        await WriteAll(answer, report);
    }

    private async Task GetOneAsync(HttpContext context, string name)
    {
        if (WindowParameter.Read(context.Request.Query, out var window) is { } error)
        {
            await error.WriteAsync(context);
            return;
        }

        if (await Find(name, window, context.RequestAborted) is not { } report)
        {
            await NoSuch(name).WriteAsync(context);
            return;
        }

        await using var answer = new JsonAnswer(context);
        WriteOne(answer, report);
    }
}
