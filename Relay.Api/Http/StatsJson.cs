using System.Text.Json;
using Relay.Api.Stats;
using Relay.Core.Cost;
using Relay.Core.Latency;

namespace Relay.Api.Http;

/// <summary>Figures as JSON. docs/api.md lists every field; a test holds the two together.</summary>
internal static class StatsJson
{
    /// <summary>All models.</summary>
    public static async Task WriteAsync(JsonAnswer answer, StatsReport report)
    {
        var json = answer.Writer;
        json.WriteStartObject();
        WriteHead(json, report);
        json.WriteStartObject("total"u8);
        WriteRequests(json, report.Total);
        json.WriteEndObject();
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

    /// <summary>The one model of a report.</summary>
    public static void WriteSingle(JsonAnswer answer, StatsReport report)
    {
        var json = answer.Writer;
        json.WriteStartObject();
        WriteHead(json, report);
        WriteModel(json, report.Models[0]);
        json.WriteEndObject();
    }

    private static void WriteHead(Utf8JsonWriter json, StatsReport report)
    {
        json.WriteString("window"u8, report.Window.Label());
        json.WriteString("generatedAt"u8, report.GeneratedAt.UtcDateTime);
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
            json.WriteString("target"u8, target.Target);
            json.WriteNumber("attempts"u8, target.Attempts.Count);
            WriteMeter(json, target.Attempts);
            WriteBreaker(json, target.Breaker);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteRequests(Utf8JsonWriter json, MeterFigures requests)
    {
        json.WriteNumber("requests"u8, requests.Count);
        json.WriteNumber("attempts"u8, requests.Attempts);
        WriteMeter(json, requests);
    }

    private static void WriteMeter(Utf8JsonWriter json, MeterFigures meter)
    {
        json.WriteNumber("successes"u8, meter.Successes);
        WriteNullable(json, "successRate"u8, meter.SuccessRate);
        json.WriteNumber("streams"u8, meter.Streams);
        json.WriteNumber("retries"u8, meter.Retries);
        json.WriteNumber("failovers"u8, meter.Failovers);
        json.WriteNumber("active"u8, meter.Active);
        json.WriteStartObject("errors"u8);
        foreach (var error in meter.Errors)
        {
            json.WriteNumber(error.Kind, error.Count);
        }

        json.WriteEndObject();
        WriteLatency(json, "latencyMs"u8, meter.Latency);
        WriteLatency(json, "firstTokenMs"u8, meter.FirstToken);
        WriteLatency(json, "interTokenMs"u8, meter.InterToken);
        json.WriteStartObject("tokens"u8);
        foreach (var category in TokenCategories.All)
        {
            json.WriteNumber(category.Label(), meter.Tokens[(int)category]);
        }

        json.WriteNumber("total"u8, meter.TotalTokens);
        json.WriteEndObject();
        WriteNullable(json, "costUsd"u8, meter.Cost?.ToUsd());
        json.WriteNumber("priced"u8, meter.Priced);
        json.WriteNumber("unpriced"u8, meter.Unpriced);
        json.WriteNumber("estimated"u8, meter.Estimated);
        json.WriteNumber("malformedEvents"u8, meter.MalformedEvents);
    }

    private static void WriteLatency(Utf8JsonWriter json, ReadOnlySpan<byte> name, LatencyFigures? latency)
    {
        if (latency is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("p50"u8, latency.P50);
        json.WriteNumber("p90"u8, latency.P90);
        json.WriteNumber("p95"u8, latency.P95);
        json.WriteNumber("p99"u8, latency.P99);
        json.WriteNumber("avg"u8, latency.Avg);
        json.WriteNumber("min"u8, latency.Min);
        json.WriteNumber("max"u8, latency.Max);
        json.WriteEndObject();
    }

    private static void WriteBreaker(Utf8JsonWriter json, BreakerFigures? breaker)
    {
        if (breaker is null)
        {
            json.WriteNull("breaker"u8);
            return;
        }

        json.WriteStartObject("breaker"u8);
        json.WriteString("state"u8, breaker.State);
        json.WriteString("reason"u8, breaker.Reason);
        json.WriteString("since"u8, breaker.Since.UtcDateTime);
        if (breaker.OpenUntil is { } openUntil)
        {
            json.WriteString("openUntil"u8, openUntil.UtcDateTime);
        }
        else
        {
            json.WriteNull("openUntil"u8);
        }

        json.WriteNumber("opened"u8, breaker.Opened);
        json.WriteEndObject();
    }

    private static void WriteNullable(Utf8JsonWriter json, ReadOnlySpan<byte> name, decimal? value)
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
}
