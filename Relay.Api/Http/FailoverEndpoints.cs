using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;
using Relay.Api.Stats;

namespace Relay.Api.Http;

/// <summary>Failovers and rescues with their stories.</summary>
internal static class FailoverEndpoints
{
    private const string Model = "model";
    private const string Target = "target";
    private const string Limit = "limit";

    /// <summary>Maps <c>/api/v1/failovers</c>.</summary>
    public static void MapFailovers(this IEndpointRouteBuilder routes, StatsQuery stats) =>
        routes.MapMethods("/api/v1/failovers", Methods.Read, context => GetAsync(context, stats));

    private static async Task GetAsync(HttpContext context, StatsQuery stats)
    {
        if (Read(context.Request.Query, stats, out var selection) is { } error)
        {
            await error.WriteAsync(context);
            return;
        }

        var report = await stats.GetFailoversAsync(selection, context.RequestAborted);
        await using var answer = new JsonAnswer(context);
        await WriteAsync(answer, report);
    }

    private static ErrorAnswer? Read(IQueryCollection query, StatsQuery stats, out FailoverSelection selection)
    {
        selection = new(Model: null, Target: null, FailoverSelection.DefaultLimit);
        foreach (var (name, values) in query)
        {
            switch (name)
            {
                case Model when values is [{ Length: > 0 } model]:
                    selection = selection with { Model = model };
                    break;
                case Target when values is [{ Length: > 0 } target]:
                    selection = selection with { Target = target };
                    break;
                case Limit when values.Count == 1 && int.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is > 0 and <= FailoverSelection.MaxLimit:
                    selection = selection with { Limit = limit };
                    break;
                case Model or Target:
                    return Invalid(name, values, $"the name of one {name}");
                case Limit:
                    return Invalid(name, values, $"a whole number from 1 to {FailoverSelection.MaxLimit}");
                default:
                    return new(StatusCodes.Status400BadRequest, "unknown_parameter", $"There is no parameter {ErrorAnswer.Echo(name)}; there are {Model}, {Target} and {Limit}.", name);
            }
        }

        return selection.Model is { } asked && !stats.HasModel(asked) ? NotFound.Model(asked)
            : selection.Target is { } named && !stats.HasTarget(named) ? NotFound.Target(named)
            : null;
    }

    private static ErrorAnswer Invalid(string name, StringValues values, string allowed) =>
        new(StatusCodes.Status400BadRequest, "invalid_parameter", $"{name} is {ErrorAnswer.Echo(values.ToString())}; it must be {allowed}.", name);

    private static async Task WriteAsync(JsonAnswer answer, FailoversReport report)
    {
        var json = answer.Writer;
        json.WriteStartObject();
        json.WriteString("generatedAt"u8, report.GeneratedAt.UtcDateTime);
        json.WriteStartArray("failovers"u8);
        foreach (var story in report.Failovers)
        {
            FailoversJson.Write(json, story);
            await answer.FlushIfLongAsync();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
