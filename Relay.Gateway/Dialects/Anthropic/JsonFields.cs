using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>Reads and copies foreign JSON. Strings are copied with their escapes, so that what cannot be decoded (half a surrogate pair) still passes.</summary>
internal static class JsonFields
{
    /// <summary>How requests and answers are read.</summary>
    public static readonly JsonDocumentOptions Reading = new() { MaxDepth = RequestScanner.MaxDepth };

    /// <summary>How they are written: as short as it goes. Raw copies are valid because they were parsed.</summary>
    public static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The field of an object; false when absent, null, or <paramref name="from"/> is no object.</summary>
    public static bool TryGet(this JsonElement from, ReadOnlySpan<byte> name, out JsonElement value)
    {
        value = default;
        return from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
    }

    /// <summary>The string in a field of an object, with its escapes and without its quotes; false when it is absent, no string, or empty.</summary>
    public static bool TryGetText(this JsonElement from, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> inner)
    {
        inner = from.TryGet(name, out var value) && value.ValueKind == JsonValueKind.String ? value.Inner() : default;
        return !inner.IsEmpty;
    }

    /// <summary>Is it this string?</summary>
    public static bool Is(this JsonElement value, ReadOnlySpan<byte> text) => value.ValueKind == JsonValueKind.String && value.ValueEquals(text);

    /// <summary>Has the object this field with this string?</summary>
    public static bool Has(this JsonElement from, ReadOnlySpan<byte> name, ReadOnlySpan<byte> text) => from.TryGet(name, out var value) && value.Is(text);

    /// <summary>The bytes of the value as they stand in the document.</summary>
    public static ReadOnlySpan<byte> Raw(this JsonElement value) => JsonMarshal.GetRawUtf8Value(value);

    /// <summary>The bytes of a string, escapes included, quotes not.</summary>
    public static ReadOnlySpan<byte> Inner(this JsonElement text) => text.Raw()[1..^1];

    /// <summary>Nothing but white space, which Anthropic refuses as text.</summary>
    public static bool IsBlank(this JsonElement text)
    {
        var inner = text.Inner();
        for (var i = 0; i < inner.Length; i++)
        {
            var isEscape = inner[i] == (byte)'\\' && inner[i + 1] is (byte)'n' or (byte)'r' or (byte)'t' or (byte)'f';
            i += isEscape ? 1 : 0;
            if (!isEscape && inner[i] != (byte)' ')
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Copies a value as it stands.</summary>
    public static void WriteRaw(this Utf8JsonWriter to, ReadOnlySpan<byte> name, JsonElement value)
    {
        to.WritePropertyName(name);
        to.WriteRawValue(value.Raw(), skipInputValidation: true);
    }

    /// <summary>Copies the field of an object, when it is there.</summary>
    public static void CopyField(this Utf8JsonWriter to, JsonElement from, ReadOnlySpan<byte> name)
    {
        if (from.TryGet(name, out var value))
        {
            to.WriteRaw(name, value);
        }
    }

    /// <summary>The whole number that it is; false for anything else.</summary>
    public static bool TryGetWhole(this JsonElement value, out long number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out number);
    }
}
