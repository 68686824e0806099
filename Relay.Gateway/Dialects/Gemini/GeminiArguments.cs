using System.Text;
using System.Text.Json;

namespace Relay.Gateway.Dialects.Gemini;

/// <summary>Writes the arguments of a call, a string of JSON at OpenAI, as the object that Gemini wants.</summary>
internal static class GeminiArguments
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    /// <summary>Writes the member args; empty arguments make an empty object.</summary>
    public static void Write(Field arguments, Utf8JsonWriter json)
    {
        var text = arguments.OptionalText();
        json.WritePropertyName("args"u8);
        if (string.IsNullOrWhiteSpace(text))
        {
            json.WriteRawValue("{}"u8, skipInputValidation: true);
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        if (!IsObject(bytes))
        {
            throw arguments.Refuse("is not a JSON object, and Gemini takes no other arguments. Send a JSON object in a string.");
        }

        json.WriteRawValue(bytes, skipInputValidation: true);
    }

    /// <summary>Is it one whole JSON object?</summary>
    public static bool IsObject(ReadOnlyMemory<byte> text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Options);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
