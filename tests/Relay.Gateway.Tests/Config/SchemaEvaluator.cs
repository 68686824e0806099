using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Relay.Gateway.Tests.Config;

/// <summary>JSON Schema 2020-12, as far as docs/relay.schema.json goes. A keyword that it does not know is an exception, so that none is passed over.</summary>
internal sealed partial class SchemaEvaluator(JsonObject root)
{
    private static readonly HashSet<string> Annotations = new(StringComparer.Ordinal)
    {
        "$schema", "$defs", "title", "description", "default", "examples", "allowTrailingCommas",
    };

    /// <summary>What is wrong with a value: each path and the keyword that it breaks.</summary>
    public IReadOnlyList<string> Check(JsonNode? value) => [.. Check(root, value, "$")];

    /// <summary>The schema of the value at a path such as <c>$.models.chat-default.targets[1]</c>.</summary>
    public JsonObject At(string path)
    {
        var at = root;
        foreach (Match step in Step().Matches(path))
        {
            at = ObjectBranch(step.Groups["index"].Success ? Resolve(at["items"]!) : Property(at, step.Groups["name"].Value));
        }

        return at;
    }

    /// <summary>Every schema in it that names properties.</summary>
    public IEnumerable<JsonObject> Objects() => All(root).OfType<JsonObject>().Where(o => o["properties"] is JsonObject && o["type"] is JsonValue);

    private static IEnumerable<JsonNode> All(JsonNode node) => new[] { node }.Concat(node switch
    {
        JsonObject o => o.Where(p => p.Value is not null).SelectMany(p => All(p.Value!)),
        JsonArray a => a.Where(i => i is not null).SelectMany(i => All(i!)),
        _ => [],
    });

    private JsonObject Property(JsonObject schema, string name) =>
        Resolve(schema["properties"]?[name] ?? schema["additionalProperties"] ?? throw new KeyNotFoundException($"no property {name}"));

    /// <summary>Of a choice the one that is an object.</summary>
    private JsonObject ObjectBranch(JsonObject schema) =>
        schema["anyOf"] is JsonArray branches ? branches.Select(b => Resolve(b!)).Single(b => b["properties"] is not null) : schema;

    private JsonObject Resolve(JsonNode schema) =>
        schema["$ref"] is { } reference ? (JsonObject)root["$defs"]![((string)reference!)["#/$defs/".Length..]]! : (JsonObject)schema;

    private IEnumerable<string> Check(JsonNode schema, JsonNode? value, string path)
    {
        if (schema is JsonValue always)
        {
            return (bool)always ? [] : [$"{path}: false"];
        }

        return ((JsonObject)schema)
            .Where(keyword => !Annotations.Contains(keyword.Key))
            .SelectMany(keyword => Check(keyword.Key, keyword.Value!, (JsonObject)schema, value, path));
    }

    private IEnumerable<string> Check(string keyword, JsonNode rule, JsonObject schema, JsonNode? value, string path)
    {
        string[] broken = [$"{path}: {keyword}"];
        return keyword switch
        {
            "$ref" => Check(Resolve(schema), value, path),
            "type" => IsOfType((string)rule!, value) ? [] : broken,
            "enum" => rule.AsArray().Any(allowed => JsonNode.DeepEquals(allowed, value)) ? [] : broken,
            "anyOf" => rule.AsArray().Any(branch => !Check(branch!, value, path).Any()) ? [] : broken,
            "required" => value is JsonObject o && rule.AsArray().Any(name => !o.ContainsKey((string)name!)) ? broken : [],
            "properties" => value is not JsonObject o ? [] : o.Where(p => rule[p.Key] is not null).SelectMany(p => Check(rule[p.Key]!, p.Value, $"{path}.{p.Key}")),
            "additionalProperties" => value is not JsonObject o ? [] : o.Where(p => schema["properties"]?[p.Key] is null).SelectMany(p => Check(rule, p.Value, $"{path}.{p.Key}")),
            "propertyNames" => value is not JsonObject o ? [] : o.SelectMany(p => Check(rule, JsonValue.Create(p.Key), $"{path}.{p.Key}")),
            "items" => value is not JsonArray a ? [] : a.SelectMany((item, i) => Check(rule, item, $"{path}[{i}]")),
            "uniqueItems" => value is JsonArray a && a.Where((item, i) => a.Take(i).Any(before => JsonNode.DeepEquals(before, item))).Any() ? broken : [],
            _ => IsWithin(keyword, rule, value) ? [] : broken,
        };
    }

    private static bool IsWithin(string keyword, JsonNode rule, JsonNode? value) => keyword switch
    {
        "minimum" => Number(value) is not { } n || n >= Number(rule),
        "maximum" => Number(value) is not { } n || n <= Number(rule),
        "exclusiveMinimum" => Number(value) is not { } n || n > Number(rule),
        "minLength" => Text(value) is not { } t || t.Length >= (int)rule,
        "maxLength" => Text(value) is not { } t || t.Length <= (int)rule,
        "pattern" => Text(value) is not { } t || Regex.IsMatch(t, (string)rule!, RegexOptions.None, TimeSpan.FromSeconds(1)),
        "minItems" => value is not JsonArray a || a.Count >= (int)rule,
        "maxItems" => value is not JsonArray a || a.Count <= (int)rule,
        "minProperties" => value is not JsonObject o || o.Count >= (int)rule,
        "maxProperties" => value is not JsonObject o || o.Count <= (int)rule,
        _ => throw new NotSupportedException($"the evaluator does not know the keyword {keyword}"),
    };

    private static bool IsOfType(string type, JsonNode? value) => type switch
    {
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => Text(value) is not null,
        "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        "number" => Number(value) is not null,
        "integer" => Number(value) is { } n && n == decimal.Truncate(n),
        _ => throw new NotSupportedException($"the evaluator does not know the type {type}"),
    };

    private static string? Text(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String ? (string?)value : null;

    private static decimal? Number(JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.Number ? decimal.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"\.(?<name>[A-Za-z_$][A-Za-z0-9_-]*)|\['(?<name>[^']*)'\]|\[(?<index>[0-9]+)\]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Step();
}
