using System.Text.Json;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Relay.Core.Cost;
using Relay.V1;

namespace Relay.Cli.Server;

/// <summary>Figures as JSON, field by field as /api/v1 tells them (docs/api.md); a test holds the two together.</summary>
internal static class FiguresJson
{
    /// <summary>The fields <c>window</c>, <c>generatedAt</c>, <c>total</c> and <c>models</c>.</summary>
    public static void WriteModels(Utf8JsonWriter json, ListModelsResponse stats)
    {
        json.WriteString("window", Words.Of(stats.Window));
        WriteTime(json, "generatedAt", stats.GeneratedAt);
        json.WriteStartObject("total");
        WriteRequests(json, stats.Total);
        json.WriteEndObject();
        json.WriteStartArray("models");
        foreach (var model in stats.Models)
        {
            json.WriteStartObject();
            json.WriteString("model", model.Model);
            json.WriteString("strategy", model.Strategy);
            WriteRequests(json, model.Requests);
            json.WriteStartArray("targets");
            foreach (var target in model.Targets)
            {
                WriteTarget(json, target);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>The fields of requests.</summary>
    public static void WriteRequests(Utf8JsonWriter json, Figures requests)
    {
        json.WriteNumber("requests", requests.Count);
        json.WriteNumber("attempts", requests.Attempts);
        WriteFigures(json, requests, "requests");
    }

    /// <summary>The field <c>breaker</c>: an object, or null.</summary>
    public static void WriteBreaker(Utf8JsonWriter json, Breaker? breaker)
    {
        if (breaker is null)
        {
            json.WriteNull("breaker");
            return;
        }

        json.WriteStartObject("breaker");
        json.WriteString("state", Words.Of(breaker.State));
        json.WriteString("reason", breaker.Reason);
        WriteTime(json, "since", breaker.Since);
        WriteTime(json, "openUntil", breaker.OpenUntil);
        json.WriteNumber("opened", breaker.Opened);
        json.WriteString("force", Words.Of(breaker.Force));
        json.WriteEndObject();
    }

    /// <summary>A story.</summary>
    public static void WriteFailover(Utf8JsonWriter json, Failover story)
    {
        json.WriteStartObject();
        WriteTime(json, "at", story.At);
        json.WriteString("kind", Words.Of(story.Kind));
        json.WriteString("model", story.Model);
        json.WriteString("requestId", story.RequestId);
        json.WriteString("from", story.From);
        json.WriteString("to", story.To);
        json.WriteString("error", story.Error);
        json.WriteNumber("afterMs", story.AfterMs);
        json.WriteBoolean("succeeded", story.Succeeded);
        json.WriteEndObject();
    }

    private static void WriteTarget(Utf8JsonWriter json, TargetFigures target)
    {
        json.WriteStartObject();
        json.WriteString("target", target.Target);
        json.WriteNumber("attempts", target.Attempts.Count);
        WriteFigures(json, target.Attempts, "attempts");
        json.WriteNumber("standbyProbes", target.StandbyProbes);
        json.WriteNumber("standbyFailures", target.StandbyFailures);
        WriteBreaker(json, target.Breaker);
        json.WriteEndObject();
    }

    private static void WriteFigures(Utf8JsonWriter json, Figures figures, string unit)
    {
        json.WriteNumber("successes", figures.Successes);
        WriteNullable(json, "successRate", figures.HasSuccessRate ? (decimal)figures.SuccessRate : null);
        json.WriteNumber("streams", figures.Streams);
        json.WriteNumber("retries", figures.Retries);
        json.WriteNumber("failovers", figures.Failovers);
        json.WriteNumber("rescues", figures.Rescues);
        json.WriteNumber("active", figures.Active);
        WriteCounts(json, "errors", figures.Errors);
        json.WriteStartObject("endpoints");
        foreach (var (name, endpoint) in figures.Endpoints.OrderBy(endpoint => endpoint.Key, StringComparer.Ordinal))
        {
            json.WriteStartObject(name);
            json.WriteNumber(unit, endpoint.Count);
            json.WriteNumber("successes", endpoint.Successes);
            WriteCounts(json, "errors", endpoint.Errors);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        WriteDistribution(json, "latencyMs", figures.LatencyMs);
        WriteDistribution(json, "firstTokenMs", figures.FirstTokenMs);
        WriteDistribution(json, "interTokenMs", figures.InterTokenMs);
        WriteDistribution(json, "tokensPerSecond", figures.TokensPerSecond);
        WriteTokens(json, figures.Tokens ?? new());
        WriteNullable(json, "costUsd", figures.HasCostNanoUsd ? new NanoUsd(figures.CostNanoUsd).ToUsd() : null);
        WriteNullable(json, "costPer1000TokensUsd", figures.HasCostPer1000TokensUsd ? (decimal)figures.CostPer1000TokensUsd : null);
        WriteNullable(json, "tokensPerUsd", figures.HasTokensPerUsd ? (decimal)figures.TokensPerUsd : null);
        json.WriteNumber("pricedTokens", figures.PricedTokens);
        json.WriteNumber("priced", figures.Priced);
        json.WriteNumber("unpriced", figures.Unpriced);
        json.WriteNumber("estimated", figures.Estimated);
        json.WriteNumber("wastedTokens", figures.WastedTokens);
        json.WriteNumber("wastedCostUsd", new NanoUsd(figures.WastedCostNanoUsd).ToUsd());
        json.WriteNumber("malformedEvents", figures.MalformedEvents);
        json.WriteNumber("slow", figures.Slow);
    }

    private static void WriteTokens(Utf8JsonWriter json, Tokens tokens)
    {
        json.WriteStartObject("tokens");
        foreach (var (name, count) in TokenTable.Of(tokens))
        {
            json.WriteNumber(name, count);
        }

        json.WriteNumber("total", tokens.Total);
        json.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter json, string name, MapField<string, long> counts)
    {
        json.WriteStartObject(name);
        foreach (var (kind, count) in counts.OrderBy(count => count.Key, StringComparer.Ordinal))
        {
            json.WriteNumber(kind, count);
        }

        json.WriteEndObject();
    }

    private static void WriteDistribution(Utf8JsonWriter json, string name, Distribution? distribution)
    {
        if (distribution is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("p50", distribution.P50);
        json.WriteNumber("p90", distribution.P90);
        json.WriteNumber("p95", distribution.P95);
        json.WriteNumber("p99", distribution.P99);
        json.WriteNumber("avg", distribution.Avg);
        json.WriteNumber("min", distribution.Min);
        json.WriteNumber("max", distribution.Max);
        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, Timestamp? time)
    {
        if (time is null)
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteString(name, time.ToDateTime());
        }
    }

    private static void WriteNullable(Utf8JsonWriter json, string name, decimal? value)
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
