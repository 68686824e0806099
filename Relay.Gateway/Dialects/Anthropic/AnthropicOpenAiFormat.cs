using System.Text.Json;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>Writes response_format from output_config.format, or from output_format, its name while it was in beta.</summary>
internal static class AnthropicOpenAiFormat
{
    /// <summary>Writes it.</summary>
    public static void Write(JsonElement root, Utf8JsonWriter to, RequestReport report)
    {
        var field = "output_config.format";
        if (!root.TryGet("output_config"u8, out var config) || !config.TryGet("format"u8, out var format))
        {
            field = "output_format";
            if (!root.TryGet("output_format"u8, out format))
            {
                return;
            }
        }

        if (!format.Has("type"u8, "json_schema"u8) || !format.TryGet("schema"u8, out var schema) || schema.ValueKind != JsonValueKind.Object)
        {
            report.Refuse(field, "must be {\"type\":\"json_schema\",\"schema\":{...}}.");
            return;
        }

        to.WriteStartObject("response_format"u8);
        to.WriteString("type"u8, "json_schema"u8);
        to.WriteStartObject("json_schema"u8);
        to.WriteString("name"u8, "answer"u8);
        to.WriteRaw("schema"u8, schema);
        to.WriteBoolean("strict"u8, IsStrict(schema));
        to.WriteEndObject();
        to.WriteEndObject();
    }

    /// <summary>OpenAI keeps to a schema strictly only when each object is closed and requires all of its fields; it refuses the others as strict.</summary>
    public static bool IsStrict(JsonElement schema)
    {
        if (schema.ValueKind == JsonValueKind.Array)
        {
            return schema.EnumerateArray().All(IsStrict);
        }

        if (schema.ValueKind != JsonValueKind.Object)
        {
            return true;
        }

        if (schema.TryGet("properties"u8, out var fields) && fields.ValueKind == JsonValueKind.Object && !IsClosed(schema, fields))
        {
            return false;
        }

        return schema.EnumerateObject().All(field => IsStrict(field.Value));
    }

    private static bool IsClosed(JsonElement schema, JsonElement fields) =>
        schema.TryGet("additionalProperties"u8, out var more) && more.ValueKind == JsonValueKind.False
        && schema.TryGet("required"u8, out var required) && required.ValueKind == JsonValueKind.Array
        && fields.EnumerateObject().All(field => required.EnumerateArray().Any(name => name.ValueKind == JsonValueKind.String && name.ValueEquals(field.Name)));
}
