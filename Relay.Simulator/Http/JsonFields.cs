using System.Text.Json;

namespace Relay.Simulator;

/// <summary>Reads optional fields of a request's JSON; a wrong type is the caller's error, said as OpenAI says it.</summary>
internal static class JsonFields
{
    public static JsonElement? Optional(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static string? OptionalString(this JsonElement json, string name) => json.Optional(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        _ => throw new ApiErrorException(ApiError.WrongType(name, "a string")),
    };

    public static bool OptionalBool(this JsonElement json, string name) => json.Optional(name) switch
    {
        null or { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.True } => true,
        _ => throw new ApiErrorException(ApiError.WrongType(name, "a boolean")),
    };

    public static int? OptionalInt(this JsonElement json, string name, int min, int max)
    {
        if (json.Optional(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var number))
        {
            throw new ApiErrorException(ApiError.WrongType(name, "an integer"));
        }

        return number < min ? throw new ApiErrorException(ApiError.Invalid($"Invalid '{name}': integer below minimum value. Expected a value >= {min}, but got {number} instead.", name, "integer_below_min_value"))
            : number > max ? throw new ApiErrorException(ApiError.Invalid($"Invalid '{name}': integer above maximum value. Expected a value <= {max}, but got {number} instead.", name, "integer_above_max_value"))
            : number;
    }

    public static string RequiredModel(this JsonElement json) =>
        json.OptionalString("model") is { Length: > 0 } model ? model : throw new ApiErrorException(ApiError.Invalid("you must provide a model parameter", "model", "missing_required_parameter"));
}
