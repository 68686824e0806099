using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Relay.Api.Tests.OpenApi;

/// <summary>
/// JSON Schema 2020-12 inside an OpenAPI document, as far as that document goes. Stricter than the standard in one way: a field that the
/// schema does not name is an error, so that no answer has fields that are not documented. A keyword that it does not know is an exception.
/// </summary>
internal sealed class SchemaCheck(JsonObject document)
{
    private static readonly HashSet<string> Annotations = new(StringComparer.Ordinal) { "description", "default", "properties", "additionalProperties", "format" };

    /// <summary>What a reference of this document points at.</summary>
    public JsonNode Resolve(JsonNode node)
    {
        while (node is JsonObject o && (string?)o["$ref"] is { } reference)
        {
            node = reference["#/".Length..].Split('/').Aggregate((JsonNode)document, (at, step) => at[step] ?? throw new KeyNotFoundException(reference));
        }

        return node;
    }

    /// <summary>What is wrong with a value: each path and the keyword that it breaks.</summary>
    public IReadOnlyList<string> Check(JsonNode schema, JsonNode? value, string path = "$") => [.. Keywords((JsonObject)schema, value, path), .. Fields(schema, value, path)];

    private IEnumerable<string> Keywords(JsonObject schema, JsonNode? value, string path) =>
        schema.Where(keyword => !Annotations.Contains(keyword.Key)).SelectMany(keyword => Keyword(keyword.Key, keyword.Value!, value, path))
            .Concat(schema["format"] is { } format && (string?)format == "date-time" && value is JsonValue text && !IsDate(text) ? [$"{path}: format"] : []);

    private IEnumerable<string> Keyword(string keyword, JsonNode rule, JsonNode? value, string path)
    {
        string[] broken = [$"{path}: {keyword}"];
        return keyword switch
        {
            "$ref" => Keywords((JsonObject)Resolve(new JsonObject { ["$ref"] = rule.DeepClone() }), value, path),
            "allOf" => rule.AsArray().SelectMany(part => Keywords((JsonObject)part!, value, path)),
            "anyOf" => rule.AsArray().Any(part => Check(part!, value, path).Count == 0) ? [] : [.. broken, .. rule.AsArray().SelectMany(part => Check(part!, value, path))],
            "type" => (rule is JsonArray many ? many.Select(one => (string)one!) : [(string)rule!]).Any(type => IsOfType(type, value)) ? [] : broken,
            "enum" => rule.AsArray().Any(allowed => JsonNode.DeepEquals(allowed, value)) ? [] : broken,
            "required" => rule.AsArray().Where(name => value is JsonObject o && !o.ContainsKey((string)name!)).Select(name => $"{path}.{name}: required"),
            "items" => value is not JsonArray items ? [] : items.SelectMany((item, i) => Check(rule, item, $"{path}[{i}]")),
            "minimum" => Number(value) is not { } n || n >= Number(rule) ? [] : broken,
            "maximum" => Number(value) is not { } n || n <= Number(rule) ? [] : broken,
            "exclusiveMinimum" => Number(value) is not { } n || n > Number(rule) ? [] : broken,
            "pattern" => value is null || Regex.IsMatch((string)value!, (string)rule!, RegexOptions.None, TimeSpan.FromSeconds(1)) ? [] : broken,
            _ => throw new NotSupportedException($"the check does not know the keyword {keyword}"),
        };
    }

    /// <summary>Each field by the schemas that name it; one that none names must be allowed.</summary>
    private IEnumerable<string> Fields(JsonNode schema, JsonNode? value, string path)
    {
        if (value is not JsonObject fields || ((JsonObject)schema).ContainsKey("anyOf"))
        {
            yield break;
        }

        var parts = Parts(schema).ToArray();
        foreach (var (name, field) in fields)
        {
            var known = parts.Select(part => part["properties"]?[name] ?? (part["properties"]?[name] is null ? part["additionalProperties"] as JsonObject : null)).OfType<JsonNode>().ToArray();
            if (known.Length == 0 && parts.Any(part => part.ContainsKey("properties")))
            {
                yield return $"{path}.{name}: not documented";
            }

            foreach (var problem in known.SelectMany(part => Check(part, field, $"{path}.{name}")))
            {
                yield return problem;
            }
        }
    }

    private IEnumerable<JsonObject> Parts(JsonNode schema)
    {
        var found = (JsonObject)Resolve(schema);
        return found["allOf"] is JsonArray all ? all.SelectMany(part => Parts(part!)) : [found];
    }

    private static bool IsOfType(string type, JsonNode? value) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value?.GetValueKind() == JsonValueKind.String,
        "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        "number" => Number(value) is not null,
        "integer" => Number(value) is { } n && n == decimal.Truncate(n),
        _ => throw new NotSupportedException($"the check does not know the type {type}"),
    };

    private static bool IsDate(JsonValue text) =>
        text.GetValueKind() == JsonValueKind.String && ((string)text!).EndsWith('Z') && DateTimeOffset.TryParse((string)text!, CultureInfo.InvariantCulture, out _);

    private static decimal? Number(JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.Number ? decimal.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture) : null;
}
