using System.Text.Json;
using Relay.Api.Stats;

namespace Relay.Api.Http;

/// <summary>Failovers and rescues as JSON.</summary>
internal static class FailoversJson
{
    /// <summary>One story, an object.</summary>
    public static void Write(Utf8JsonWriter json, FailoverFigures story)
    {
        json.WriteStartObject();
        json.WriteString("at"u8, story.At.UtcDateTime);
        json.WriteString("kind"u8, story.Kind);
        json.WriteString("model"u8, story.Model);
        json.WriteString("requestId"u8, story.RequestId);
        json.WriteString("from"u8, story.From);
        json.WriteString("to"u8, story.To);
        json.WriteString("error"u8, story.Error);
        json.WriteNumber("afterMs"u8, story.AfterMs);
        json.WriteBoolean("succeeded"u8, story.Succeeded);
        json.WriteEndObject();
    }
}
