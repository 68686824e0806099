using System.Text.Json;

namespace Relay.Gateway.Dialects;

/// <summary>Where a JSON value stands in some bytes, quotes and brackets included. Copying it keeps every escape as it came, so that no text is ever decoded on its way through.</summary>
/// <param name="Start">Its first byte.</param>
/// <param name="Length">Its length in bytes; 0 for none.</param>
internal readonly record struct JsonSlice(int Start, int Length)
{
    /// <summary>There is a value.</summary>
    public bool IsPresent => Length > 0;

    /// <summary>The value that the reader stands on; leaves the reader at the value's end.</summary>
    public static JsonSlice Value(ref Utf8JsonReader json)
    {
        var start = (int)json.TokenStartIndex;
        json.Skip();
        return new(start, (int)json.BytesConsumed - start);
    }

    /// <summary>As <see cref="Value"/>, when the value is a string; else none.</summary>
    public static JsonSlice Text(ref Utf8JsonReader json)
    {
        var isText = json.TokenType == JsonTokenType.String;
        var value = Value(ref json);
        return isText ? value : default;
    }

    /// <summary>As <see cref="Value"/>, when the value is an object; else none.</summary>
    public static JsonSlice Object(ref Utf8JsonReader json)
    {
        var isObject = json.TokenType == JsonTokenType.StartObject;
        var value = Value(ref json);
        return isObject ? value : default;
    }

    /// <summary>As <see cref="Value"/>, when the value is an array; else none.</summary>
    public static JsonSlice Array(ref Utf8JsonReader json)
    {
        var isArray = json.TokenType == JsonTokenType.StartArray;
        var value = Value(ref json);
        return isArray ? value : default;
    }

    /// <summary>Its bytes.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> data) => data.Slice(Start, Length);

    /// <summary>The bytes between the quotes of a string, still escaped.</summary>
    public ReadOnlySpan<byte> Inner(ReadOnlySpan<byte> data) => Length < 2 ? default : data.Slice(Start + 1, Length - 2);
}
