using System.Text.Json;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>The input of a tool: an object at Anthropic, a string that holds an object at OpenAI.</summary>
internal static class ToolInput
{
    /// <summary>Writes the object that a string holds; false, with nothing written, when it holds none.</summary>
    /// <param name="to">The writer.</param>
    /// <param name="name">The field.</param>
    /// <param name="arguments">A JSON string.</param>
    public static bool TryWriteObject(Utf8JsonWriter to, ReadOnlySpan<byte> name, JsonElement arguments)
    {
        try
        {
            using var input = JsonDocument.Parse(arguments.GetString()!, JsonFields.Reading);
            if (input.RootElement.ValueKind != JsonValueKind.Object)
            {
                return false;
            }

            to.WriteRaw(name, input.RootElement);
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            // Broken JSON, or half of a surrogate pair in it.
            return false;
        }
    }

    /// <summary>Writes an object as the string that holds it.</summary>
    public static void WriteString(Utf8JsonWriter to, ReadOnlySpan<byte> name, JsonElement input) =>
        to.WriteString(name, input.Raw());
}
