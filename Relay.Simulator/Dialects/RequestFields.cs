using System.Text.Json;

namespace Relay.Simulator;

/// <summary>Reads the fields of one object of a request; a wrong type is the caller's error, said as the dialect says it.</summary>
/// <param name="Json">The object.</param>
/// <param name="Errors">The dialect's errors.</param>
/// <param name="Path">Where the object stands, with a trailing separator; empty for the body itself.</param>
/// <param name="SnakeCaseToo">A field may also be written in snake_case.</param>
internal readonly record struct RequestFields(JsonElement Json, DialectErrors Errors, string Path = "", bool SnakeCaseToo = false)
{
    /// <summary>The field, or null where it is missing or null.</summary>
    public JsonElement? Optional(string name) =>
        Json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value
        : SnakeCaseToo && Json.TryGetProperty(JsonNamingPolicy.SnakeCaseLower.ConvertName(name), out value) && value.ValueKind != JsonValueKind.Null ? value
        : null;

    public string? String(string name) => Optional(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        _ => throw Wrong(name, JsonKind.String),
    };

    public string Required(string name) => String(name) ?? throw new ApiErrorException(Errors.Missing(Path + name));

    public bool Bool(string name) => OptionalBool(name) ?? false;

    public bool? OptionalBool(string name) => Optional(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.True } => true,
        _ => throw Wrong(name, JsonKind.Boolean),
    };

    public int? Int(string name, int min, int max)
    {
        if (Optional(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var number))
        {
            throw Wrong(name, JsonKind.Integer);
        }

        return number >= min && number <= max ? number : throw new ApiErrorException(Errors.OutOfRange(Path + name, number, min, max));
    }

    public double? Number(string name, double min, double max)
    {
        if (Optional(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number)
        {
            throw Wrong(name, JsonKind.Number);
        }

        var number = value.GetDouble();
        return number >= min && number <= max ? number : throw new ApiErrorException(Errors.OutOfRange(Path + name, number, min, max));
    }

    public JsonElement? Array(string name) => Typed(name, JsonValueKind.Array, JsonKind.Array);

    public RequestFields? Object(string name) =>
        Typed(name, JsonValueKind.Object, JsonKind.Object) is { } value ? this with { Json = value, Path = $"{Path}{name}." } : null;

    public string[] Strings(string name)
    {
        if (Array(name) is not { } values)
        {
            return [];
        }

        foreach (var value in values.EnumerateArray())
        {
            _ = value.ValueKind == JsonValueKind.String ? value : throw Wrong(name, JsonKind.String);
        }

        return [.. values.EnumerateArray().Select(v => v.GetString()!)];
    }

    private JsonElement? Typed(string name, JsonValueKind kind, JsonKind expected) =>
        Optional(name) is not { } value ? null : value.ValueKind == kind ? value : throw Wrong(name, expected);

    private ApiErrorException Wrong(string name, JsonKind expected) => new(Errors.WrongType(Path + name, expected));
}
