using System.Text.Json;
using Relay.Api.Stats;

namespace Relay.Api.Http;

/// <summary>Breakers as JSON. docs/api.md lists every field; a test holds the two together.</summary>
internal static class BreakersJson
{
    /// <summary>All of a report.</summary>
    public static async Task WriteAsync(JsonAnswer answer, BreakersReport report)
    {
        var json = answer.Writer;
        json.WriteStartObject();
        json.WriteString("generatedAt"u8, report.GeneratedAt.UtcDateTime);
        json.WriteStartArray("breakers"u8);
        foreach (var breaker in report.Breakers)
        {
            json.WriteStartObject();
            WriteFields(json, breaker);
            json.WriteEndObject();
            await answer.FlushIfLongAsync();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The one of a report.</summary>
    public static void WriteSingle(JsonAnswer answer, BreakersReport report)
    {
        var json = answer.Writer;
        json.WriteStartObject();
        json.WriteString("generatedAt"u8, report.GeneratedAt.UtcDateTime);
        WriteFields(json, report.Breakers[0]);
        json.WriteEndObject();
    }

    /// <summary>The field <c>breaker</c>: an object, or null.</summary>
    public static void Write(Utf8JsonWriter json, BreakerFigures? breaker)
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
        json.WriteString("force"u8, breaker.Force);
        json.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter json, TargetBreaker breaker)
    {
        json.WriteString("target"u8, breaker.Target);
        Write(json, breaker.Breaker);
        json.WriteStartArray("transitions"u8);
        foreach (var transition in breaker.Transitions)
        {
            json.WriteStartObject();
            json.WriteString("at"u8, transition.At.UtcDateTime);
            json.WriteString("from"u8, transition.From);
            json.WriteString("to"u8, transition.To);
            json.WriteString("reason"u8, transition.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
