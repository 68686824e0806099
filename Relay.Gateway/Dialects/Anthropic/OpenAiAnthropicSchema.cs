using System.Collections.Frozen;
using System.Text.Json;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>
/// Writes a JSON schema as Anthropic's structured outputs take it (https://platform.claude.com/docs/en/build-with-claude/structured-outputs):
/// objects are closed, and limits on numbers, strings and arrays are left out with a note. Every answer that fits it then has the right
/// shape; the limits are for the client to check.
/// </summary>
internal sealed class OpenAiAnthropicSchema(Utf8JsonWriter to, RequestReport report)
{
    private const string Root = "response_format.json_schema.schema";

    private static readonly FrozenSet<string> Limits = FrozenSet.Create(
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "maxItems", "uniqueItems",
        "minProperties", "maxProperties", "minContains", "maxContains", "contains");

    private static readonly FrozenSet<string> Maps = FrozenSet.Create("properties", "$defs", "definitions");

    private static readonly FrozenSet<string> Schemas = FrozenSet.Create("items", "anyOf", "allOf", "oneOf", "prefixItems");

    /// <summary>Writes it.</summary>
    public void Write(JsonElement schema)
    {
        if (schema.ValueKind == JsonValueKind.Array)
        {
            to.WriteStartArray();
            foreach (var one in schema.EnumerateArray())
            {
                Write(one);
            }

            to.WriteEndArray();
        }
        else if (schema.ValueKind != JsonValueKind.Object)
        {
            to.WriteRawValue(schema.Raw(), skipInputValidation: true);
        }
        else
        {
            WriteObject(schema);
        }
    }

    private void WriteObject(JsonElement schema)
    {
        to.WriteStartObject();
        foreach (var field in schema.EnumerateObject())
        {
            WriteField(field.Name, field.Value);
        }

        if (IsObject(schema))
        {
            RefuseOpenObject(schema);
            to.WriteBoolean("additionalProperties"u8, false);
        }

        to.WriteEndObject();
    }

    private void WriteField(string name, JsonElement value)
    {
        if (name == "additionalProperties")
        {
            return;
        }

        if (Limits.Contains(name) || (name == "minItems" && !(value.TryGetWhole(out var least) && least is 0 or 1)))
        {
            report.Drop($"{Root}.{name}");
            return;
        }

        // Of oneOf and anyOf Anthropic knows the second.
        to.WritePropertyName(name == "oneOf" ? "anyOf" : name);
        if (Schemas.Contains(name))
        {
            Write(value);
        }
        else if (Maps.Contains(name) && value.ValueKind == JsonValueKind.Object)
        {
            to.WriteStartObject();
            foreach (var entry in value.EnumerateObject())
            {
                to.WritePropertyName(entry.Name);
                Write(entry.Value);
            }

            to.WriteEndObject();
        }
        else
        {
            to.WriteRawValue(value.Raw(), skipInputValidation: true);
        }
    }

    /// <summary>An object whose fields have free names would come back empty.</summary>
    private void RefuseOpenObject(JsonElement schema)
    {
        var isMap = schema.TryGet("additionalProperties"u8, out var more) && more.ValueKind == JsonValueKind.Object;
        if (isMap || !schema.TryGet("properties"u8, out _) || schema.TryGet("patternProperties"u8, out _))
        {
            report.Refuse(Root, "has an object whose fields have no names: Anthropic's structured outputs need \"properties\" in every object, and nothing besides.");
        }
    }

    private static bool IsObject(JsonElement schema) =>
        schema.TryGet("type"u8, out var type)
            ? type.Is("object"u8) || (type.ValueKind == JsonValueKind.Array && type.EnumerateArray().Any(t => t.Is("object"u8)))
            : schema.TryGet("properties"u8, out _);
}
