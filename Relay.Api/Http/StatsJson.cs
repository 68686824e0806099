using System.Text.Json;
using Relay.Api.Stats;
using Relay.Core.Cost;
using Relay.Core.Latency;

namespace Relay.Api.Http;

/// <summary>Figures as JSON. docs/api.md lists every field; a test holds the two together.</summary>
internal static class StatsJson
{
    private const string Requests = "requests";
    private const string Attempts = "attempts";

    /// <summary>All models.</summary>
    public static async Task WriteAsync(JsonAnswer answer, StatsReport report)
    {
        var json = answer.Writer;
        json.WriteStartObject();
        WriteHead(json, report.Window, report.GeneratedAt);
        WriteTotal(json, report);
        json.WriteStartArray("models"u8);
        foreach (var model in report.Models)
        {
            json.WriteStartObject();
            WriteModel(json, model);
            json.WriteEndObject();
            await answer.FlushIfLongAsync();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The total and all models, as fields of an object that is begun and ended elsewhere.</summary>
    public static void WriteModels(Utf8JsonWriter json, StatsReport report)
    {
        WriteTotal(json, report);
        json.WriteStartArray("models"u8);
        foreach (var model in report.Models)
        {
            json.WriteStartObject();
            WriteModel(json, model);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>The one model of a report.</summary>
    public static void WriteSingle(JsonAnswer answer, StatsReport report)
    {
        var json = answer.Writer;
        json.WriteStartObject();
        WriteHead(json, report.Window, report.GeneratedAt);
        WriteModel(json, report.Models[0]);
        json.WriteEndObject();
    }

    /// <summary>All targets.</summary>
    public static async Task WriteAsync(JsonAnswer answer, TargetsReport report)
    {
        var json = answer.Writer;
        json.WriteStartObject();
        WriteHead(json, report.Window, report.GeneratedAt);
        json.WriteStartArray("targets"u8);
        foreach (var target in report.Targets)
        {
            json.WriteStartObject();
            WriteUse(json, target);
            json.WriteEndObject();
            await answer.FlushIfLongAsync();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The one target of a report.</summary>
    public static void WriteSingle(JsonAnswer answer, TargetsReport report)
    {
        var json = answer.Writer;
        json.WriteStartObject();
        WriteHead(json, report.Window, report.GeneratedAt);
        WriteUse(json, report.Targets[0]);
        json.WriteEndObject();
    }

    /// <summary>A number, or null.</summary>
    public static void WriteNullable(Utf8JsonWriter json, ReadOnlySpan<byte> name, decimal? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteHead(Utf8JsonWriter json, Window window, DateTimeOffset generatedAt)
    {
        json.WriteString("window"u8, window.Label());
        json.WriteString("generatedAt"u8, generatedAt.UtcDateTime);
    }

    private static void WriteTotal(Utf8JsonWriter json, StatsReport report)
    {
        json.WriteStartObject("total"u8);
        WriteRequests(json, report.Total);
        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, ModelFigures model)
    {
        json.WriteString("model"u8, model.Model);
        json.WriteString("strategy"u8, model.Strategy);
        WriteRequests(json, model.Requests);
        json.WriteStartArray("targets"u8);
        foreach (var target in model.Targets)
        {
            json.WriteStartObject();
            WriteTarget(json, target);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteUse(Utf8JsonWriter json, TargetUse use)
    {
        WriteTarget(json, use.Figures);
        json.WriteStartArray("models"u8);
        foreach (var model in use.Models)
        {
            json.WriteStringValue(model);
        }

        json.WriteEndArray();
    }

    private static void WriteTarget(Utf8JsonWriter json, TargetFigures target)
    {
        json.WriteString("target"u8, target.Target);
        json.WriteNumber(Attempts, target.Attempts.Count);
        WriteMeter(json, target.Attempts, Attempts);
        json.WriteNumber("standbyProbes"u8, target.Attempts.StandbyProbes);
        json.WriteNumber("standbyFailures"u8, target.Attempts.StandbyFailures);
        BreakersJson.Write(json, target.Breaker);
    }

    private static void WriteRequests(Utf8JsonWriter json, MeterFigures requests)
    {
        json.WriteNumber(Requests, requests.Count);
        json.WriteNumber(Attempts, requests.Attempts);
        WriteMeter(json, requests, Requests);
    }

    private static void WriteMeter(Utf8JsonWriter json, MeterFigures meter, string unit)
    {
        json.WriteNumber("successes"u8, meter.Successes);
        WriteNullable(json, "successRate"u8, meter.SuccessRate);
        json.WriteNumber("streams"u8, meter.Streams);
        json.WriteNumber("retries"u8, meter.Retries);
        json.WriteNumber("failovers"u8, meter.Failovers);
        json.WriteNumber("rescues"u8, meter.Rescues);
        json.WriteNumber("active"u8, meter.Active);
        WriteErrors(json, meter.Errors);
        WriteEndpoints(json, meter.Endpoints, unit);
        WriteDistribution(json, "latencyMs"u8, meter.Latency);
        WriteDistribution(json, "firstTokenMs"u8, meter.FirstToken);
        WriteDistribution(json, "interTokenMs"u8, meter.InterToken);
        WriteDistribution(json, "tokensPerSecond"u8, meter.TokensPerSecond);
        json.WriteStartObject("tokens"u8);
        foreach (var category in TokenCategories.All)
        {
            json.WriteNumber(category.Label(), meter.Tokens[(int)category]);
        }

        json.WriteNumber("total"u8, meter.TotalTokens);
        json.WriteEndObject();
        WriteNullable(json, "costUsd"u8, meter.Cost?.ToUsd());
        WriteNullable(json, "costPer1000TokensUsd"u8, meter.CostPer1000TokensUsd);
        WriteNullable(json, "tokensPerUsd"u8, meter.TokensPerUsd);
        json.WriteNumber("pricedTokens"u8, meter.PricedTokens);
        json.WriteNumber("priced"u8, meter.Priced);
        json.WriteNumber("unpriced"u8, meter.Unpriced);
        json.WriteNumber("estimated"u8, meter.Estimated);
        json.WriteNumber("wastedTokens"u8, meter.WastedTokens);
        json.WriteNumber("wastedCostUsd"u8, meter.WastedCost.ToUsd());
        json.WriteNumber("malformedEvents"u8, meter.MalformedEvents);
        json.WriteNumber("slow"u8, meter.Slow);
    }

    private static void WriteErrors(Utf8JsonWriter json, IReadOnlyList<ErrorFigure> errors)
    {
        json.WriteStartObject("errors"u8);
        foreach (var error in errors)
        {
            json.WriteNumber(error.Kind, error.Count);
        }

        json.WriteEndObject();
    }

    private static void WriteEndpoints(Utf8JsonWriter json, IReadOnlyList<EndpointFigures> endpoints, string unit)
    {
        json.WriteStartObject("endpoints"u8);
        foreach (var endpoint in endpoints)
        {
            json.WriteStartObject(endpoint.Endpoint);
            json.WriteNumber(unit, endpoint.Count);
            json.WriteNumber("successes"u8, endpoint.Successes);
            WriteErrors(json, endpoint.Errors);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteDistribution(Utf8JsonWriter json, ReadOnlySpan<byte> name, DistributionFigures? distribution)
    {
        if (distribution is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("p50"u8, distribution.P50);
        json.WriteNumber("p90"u8, distribution.P90);
        json.WriteNumber("p95"u8, distribution.P95);
        json.WriteNumber("p99"u8, distribution.P99);
        json.WriteNumber("avg"u8, distribution.Avg);
        json.WriteNumber("min"u8, distribution.Min);
        json.WriteNumber("max"u8, distribution.Max);
        json.WriteEndObject();
    }
}
