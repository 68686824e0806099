using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.Api.Stats;
using Relay.Core.Latency;

namespace Relay.Api.Http;

/// <summary>Time series: of all models here, of one model or target below its name.</summary>
internal static class SeriesEndpoints
{
    /// <summary>Maps <c>/api/v1/series</c>.</summary>
    public static void MapSeries(this IEndpointRouteBuilder routes, StatsQuery stats) =>
        routes.MapMethods("/api/v1/series", Methods.Read, context =>
            AnswerAsync(context, owner: null, notFound: null, async selection => await stats.GetSeriesAsync(selection, context.RequestAborted)));

    /// <summary>Reads the parameters, and answers with the series.</summary>
    /// <param name="context">The request.</param>
    /// <param name="owner">The field that says whose it is, with its name; null for all models.</param>
    /// <param name="notFound">The answer when there is no such series.</param>
    /// <param name="find">Finds the series.</param>
    public static async Task AnswerAsync(
        HttpContext context, (string Field, string Name)? owner, ErrorAnswer? notFound, Func<SeriesSelection, Task<SeriesReport?>> find)
    {
        if (SeriesParameters.Read(context.Request.Query, out SeriesSelection selection) is { } error)
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

    private static void Write(JsonAnswer answer, (string Field, string Name)? owner, SeriesReport report)
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
        json.WriteStartArray("points"u8);
        foreach (var point in report.Points)
        {
            json.WriteStartObject();
            json.WriteString("start"u8, point.Start.UtcDateTime);
            json.WriteString("end"u8, point.End.UtcDateTime);
            StatsJson.WriteNullable(json, "value"u8, point.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
