using System.Globalization;
using System.Text.Json;

namespace Relay.Simulator;

/// <summary>The details of a google.rpc.Status: what is wrong with which field, which quota is used up, when to try again.</summary>
/// <remarks>https://cloud.google.com/apis/design/errors#error_details</remarks>
internal static class GeminiDetails
{
    public static void Write(Utf8JsonWriter json, Exchange exchange, ApiError error)
    {
        var wait = exchange.Fault is { } fault && error.Status >= 400 ? fault.RetryAfter ?? fault.LimitReset : null;
        if (error.Code is null && error.Param is null && wait is null)
        {
            return;
        }

        json.WriteStartArray("details"u8);
        switch (error)
        {
            case { Code: GeminiErrors.KeyInvalid }:
                WriteKeyInvalid(json);
                break;
            case { Code: GeminiErrors.QuotaUsedUp }:
                WriteQuota(json, exchange);
                break;
            case { Param: { } field }:
                WriteViolation(json, field, error.Message);
                break;
        }

        if (wait is { } delay)
        {
            Start(json, "RetryInfo");
            json.WriteString("retryDelay"u8, string.Create(CultureInfo.InvariantCulture, $"{delay.TotalSeconds:0.#########}s"));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteKeyInvalid(Utf8JsonWriter json)
    {
        Start(json, "ErrorInfo");
        json.WriteString("reason"u8, GeminiErrors.KeyInvalid);
        json.WriteString("domain"u8, "googleapis.com"u8);
        json.WriteStartObject("metadata"u8);
        json.WriteString("service"u8, "generativelanguage.googleapis.com"u8);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteQuota(Utf8JsonWriter json, Exchange exchange)
    {
        Start(json, "QuotaFailure");
        json.WriteStartArray("violations"u8);
        json.WriteStartObject();
        json.WriteString("quotaMetric"u8, "generativelanguage.googleapis.com/generate_content_free_tier_requests"u8);
        json.WriteString("quotaId"u8, "GenerateRequestsPerDayPerProjectPerModel-FreeTier"u8);
        json.WriteStartObject("quotaDimensions"u8);
        json.WriteString("location"u8, "global"u8);
        json.WriteString("model"u8, exchange.Route.Model);
        json.WriteEndObject();
        json.WriteString("quotaValue"u8, "250"u8);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteViolation(Utf8JsonWriter json, string field, string description)
    {
        Start(json, "BadRequest");
        json.WriteStartArray("fieldViolations"u8);
        json.WriteStartObject();
        json.WriteString("field"u8, field);
        json.WriteString("description"u8, description);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Start(Utf8JsonWriter json, string type)
    {
        json.WriteStartObject();
        json.WriteString("@type"u8, $"type.googleapis.com/google.rpc.{type}");
    }
}
