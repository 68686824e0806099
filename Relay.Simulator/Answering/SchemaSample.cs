using System.Text.Json;

namespace Relay.Simulator;

/// <summary>A value that fits a JSON schema's common parts, for tool arguments and structured answers. The same schema gives the same value.</summary>
internal static class SchemaSample
{
    // Deeper parts become null; recursive schemas end here.
    private const int MaxDepth = 8;

    public static string Text(JsonElement schema, ulong seed)
    {
        using var buffer = new PooledBytes();
        using (var json = new Utf8JsonWriter(buffer, PooledBytes.JsonOptions))
        {
            var random = new SplitMix64(seed);
            Write(json, schema, ref random, 0);
        }

        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, JsonElement schema, ref SplitMix64 random, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > MaxDepth)
        {
            json.WriteNullValue();
            return;
        }

        if (schema.TryGetProperty("enum"u8, out var values) && values.ValueKind == JsonValueKind.Array && values.GetArrayLength() > 0)
        {
            values[0].WriteTo(json);
            return;
        }

        switch (TypeOf(schema))
        {
            case "object":
                WriteObject(json, schema, ref random, depth);
                break;
            case "array":
                json.WriteStartArray();
                if (schema.TryGetProperty("items"u8, out var items))
                {
                    Write(json, items, ref random, depth + 1);
                }

                json.WriteEndArray();
                break;
            case "string":
                json.WriteStringValue(Vocabulary.Words[random.Next(100)]);
                break;
            case "integer":
            case "number":
                json.WriteNumberValue(random.Next(100));
                break;
            case "boolean":
                json.WriteBooleanValue(random.Next(2) == 0);
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }

    private static void WriteObject(Utf8JsonWriter json, JsonElement schema, ref SplitMix64 random, int depth)
    {
        json.WriteStartObject();
        if (schema.TryGetProperty("properties"u8, out var properties) && properties.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in properties.EnumerateObject())
            {
                json.WritePropertyName(property.Name);
                Write(json, property.Value, ref random, depth + 1);
            }
        }

        json.WriteEndObject();
    }

    private static string? TypeOf(JsonElement schema)
    {
        if (!schema.TryGetProperty("type"u8, out var type))
        {
            return schema.TryGetProperty("properties"u8, out _) ? "object" : null;
        }

        if (type.ValueKind == JsonValueKind.Array && type.GetArrayLength() > 0)
        {
            type = type[0];
        }

        // Gemini writes its types in capitals.
        return type.ValueKind == JsonValueKind.String ? type.GetString()!.ToLowerInvariant() : null;
    }
}
