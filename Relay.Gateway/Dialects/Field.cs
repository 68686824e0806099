using System.Runtime.InteropServices;
using System.Text.Json;

namespace Relay.Gateway.Dialects;

/// <summary>A field of a request with the path that errors call it by. Null counts as absent.</summary>
/// <param name="Value">Its value; undefined when it is absent.</param>
/// <param name="Path">Its path from the root of the request.</param>
internal readonly record struct Field(JsonElement Value, FieldPath Path)
{
    /// <summary>It is there.</summary>
    public bool IsPresent => Value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>What kind of value it is.</summary>
    public JsonValueKind Kind => Value.ValueKind;

    /// <summary>Its bytes as they stand in the request.</summary>
    public ReadOnlySpan<byte> Raw => JsonMarshal.GetRawUtf8Value(Value);

    /// <summary>A member of an object; absent when this is none.</summary>
    public Field this[string name] =>
        new(Kind == JsonValueKind.Object && Value.TryGetProperty(name, out var member) ? member : default, Path.Member(name));

    /// <summary>An element of an array.</summary>
    public Field this[int index] => new(Value[index], Path.Element(index));

    /// <summary>The length of an array; 0 for anything else.</summary>
    public int Count => Kind == JsonValueKind.Array ? Value.GetArrayLength() : 0;

    /// <summary>The error that this field is at fault.</summary>
    /// <param name="why">What follows the field's path in the message: <c>must be a string.</c></param>
    public RefusedException Refuse(string why) => new(Path.ToString(), $"\"{Path}\" {why}");

    /// <summary>The error that this field is of the wrong type.</summary>
    /// <param name="what">What it must be: <c>a number</c>.</param>
    public RefusedException Wrong(string what) => Refuse($"must be {what}.");

    /// <summary>This, when it is an object.</summary>
    public Field Object() => Kind == JsonValueKind.Object ? this : throw Wrong("an object");

    /// <summary>This, when it is an array.</summary>
    public Field Array() => Kind == JsonValueKind.Array ? this : throw Wrong("an array");

    /// <summary>This, when it is a string.</summary>
    public Field String() => Kind == JsonValueKind.String ? this : throw Wrong("a string");

    /// <summary>The text of a string.</summary>
    public string Text()
    {
        String();
        try
        {
            return Value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, "\ud800", is valid JSON but no text.
            throw Refuse("holds a broken escape sequence.");
        }
    }

    /// <summary>The text of a string that may be absent.</summary>
    public string? OptionalText() => IsPresent ? Text() : null;

    /// <summary>True or false; null when it is absent.</summary>
    public bool? Flag() => !IsPresent ? null
        : Kind is JsonValueKind.True or JsonValueKind.False ? Value.GetBoolean()
        : throw Wrong("true or false");

    /// <summary>This, when it is a number.</summary>
    public Field Number() => Kind == JsonValueKind.Number ? this : throw Wrong("a number");

    /// <summary>A whole number.</summary>
    public long Integer() => Kind == JsonValueKind.Number && Value.TryGetInt64(out var value) ? value : throw Wrong("a whole number");

    /// <summary>Writes this value as it stands as the member <paramref name="name"/>.</summary>
    public void CopyTo(Utf8JsonWriter json, ReadOnlySpan<byte> name)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(Raw, skipInputValidation: true);
    }
}
