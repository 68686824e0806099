using System.Text.Json;

namespace Relay.Simulator;

/// <summary>Checks a Schema, which is less than JSON Schema: the real API refuses every keyword it does not know.</summary>
/// <remarks>https://ai.google.dev/api/caching#Schema</remarks>
internal static class GeminiSchema
{
    private static readonly HashSet<string> Known =
    [
        "type", "format", "title", "description", "nullable", "enum", "maxItems", "minItems", "properties", "required", "minProperties", "maxProperties",
        "minLength", "maxLength", "pattern", "example", "anyOf", "propertyOrdering", "default", "items", "minimum", "maximum",
    ];

    private static readonly string[] Types = ["STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL", "TYPE_UNSPECIFIED"];

    public static void Check(JsonElement schema, string path)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            throw new ApiErrorException(GeminiErrors.Instance.WrongType(path, JsonKind.Object));
        }

        GeminiNames.Check(schema, Known, path);
        CheckType(schema, path);
        if (schema.TryGetProperty("items"u8, out var items))
        {
            Check(items, $"{path}.items");
        }

        if (schema.TryGetProperty("anyOf"u8, out var any) && any.ValueKind == JsonValueKind.Array)
        {
            var index = 0;
            foreach (var one in any.EnumerateArray())
            {
                Check(one, $"{path}.any_of[{index++}]");
            }
        }

        if (schema.TryGetProperty("properties"u8, out var properties) && properties.ValueKind == JsonValueKind.Object)
        {
            var index = 0;
            foreach (var property in properties.EnumerateObject())
            {
                Check(property.Value, $"{path}.properties[{index++}].value");
            }
        }
    }

    private static void CheckType(JsonElement schema, string path)
    {
        if (!schema.TryGetProperty("type"u8, out var type))
        {
            return;
        }

        if (type.ValueKind != JsonValueKind.String)
        {
            throw GeminiRequest.Invalid($"Invalid JSON payload received. Unknown name \"type\" at '{path}': Proto field is not repeating, cannot start list.", path);
        }

        if (!Types.Contains(type.GetString(), StringComparer.OrdinalIgnoreCase))
        {
            throw GeminiRequest.Invalid($"Invalid value at '{path}.type' (type.googleapis.com/google.ai.generativelanguage.v1beta.Type), \"{type.GetString()}\"", $"{path}.type");
        }
    }
}
