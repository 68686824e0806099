using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.Api.Stats;
using Relay.Core.Latency;

namespace Relay.Api.Http;

/// <summary>Heat-maps: of all models here, of one model or target below its name.</summary>
internal static class HeatmapEndpoints
{
    /// <summary>Maps <c>/api/v1/heatmap</c>.</summary>
    public static void MapHeatmap(this IEndpointRouteBuilder routes, StatsQuery stats) =>
        routes.MapMethods("/api/v1/heatmap", Methods.Read, context =>
            AnswerAsync(context, owner: null, notFound: null, async selection => await stats.GetHeatmapAsync(selection, context.RequestAborted)));

    /// <summary>Reads the parameters, and answers with the heat-map.</summary>
    /// <param name="context">The request.</param>
    /// <param name="owner">The field that says whose it is, with its name; null for all models.</param>
    /// <param name="notFound">The answer when there is no such heat-map.</param>
    /// <param name="find">Finds the heat-map.</param>
    public static async Task AnswerAsync(
        HttpContext context, (string Field, string Name)? owner, ErrorAnswer? notFound, Func<HeatmapSelection, Task<HeatmapReport?>> find)
    {
        if (SeriesParameters.Read(context.Request.Query, out HeatmapSelection selection) is { } error)
        {
            await error.WriteAsync(context);
            return;
        }

        if (await find(selection) is not { } report)
        {
            await notFound!.WriteAsync(context);
            return;
        }

        await using var answer = new JsonAnswer(context);
        Write(answer, owner, report);
    }

    private static void Write(JsonAnswer answer, (string Field, string Name)? owner, HeatmapReport report)
    {
        var json = answer.Writer;
        json.WriteStartObject();
        if (owner is { } known)
        {
            json.WriteString(known.Field, known.Name);
        }

        json.WriteString("metric"u8, report.Metric.Name);
        json.WriteString("unit"u8, report.Metric.Unit);
        json.WriteString("window"u8, report.Window.Label());
        json.WriteString("step"u8, StepParameter.Label(report.Step));
        json.WriteString("generatedAt"u8, report.GeneratedAt.UtcDateTime);
        json.WriteStartArray("bounds"u8);
        foreach (var bound in report.Bounds)
        {
            json.WriteNumberValue(bound);
        }

        json.WriteEndArray();
        json.WriteStartArray("columns"u8);
        foreach (var column in report.Columns)
        {
            json.WriteStartObject();
            json.WriteString("start"u8, column.Start.UtcDateTime);
            json.WriteString("end"u8, column.End.UtcDateTime);
            json.WriteStartArray("counts"u8);
            foreach (var count in column.Counts)
            {
                json.WriteNumberValue(count);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
