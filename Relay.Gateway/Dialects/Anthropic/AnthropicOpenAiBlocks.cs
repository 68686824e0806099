using System.Text.Json;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>Writes content blocks of an answer from texts that are the inside of JSON strings.</summary>
internal static class AnthropicOpenAiBlocks
{
    /// <summary>A text block.</summary>
    public static void WriteText(Utf8JsonWriter to, ReadOnlySpan<byte> text)
    {
        to.WriteStartObject();
        to.WriteString("type"u8, "text"u8);
        Write(to, "text"u8, default, text);
        to.WriteEndObject();
    }

    /// <summary>A thinking block with a signature of Relay's, see <see cref="RelaySignature"/>.</summary>
    public static void WriteThinking(Utf8JsonWriter to, ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature)
    {
        to.WriteStartObject();
        to.WriteString("type"u8, "thinking"u8);
        Write(to, "thinking"u8, default, text);
        Write(to, "signature"u8, RelaySignature.Prefix, signature);
        to.WriteEndObject();
    }

    /// <summary>A block of thinking that nobody can read, marked likewise.</summary>
    public static void WriteRedactedThinking(Utf8JsonWriter to, ReadOnlySpan<byte> data)
    {
        to.WriteStartObject();
        to.WriteString("type"u8, "redacted_thinking"u8);
        Write(to, "data"u8, RelaySignature.Prefix, data);
        to.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter to, ReadOnlySpan<byte> name, ReadOnlySpan<byte> before, ReadOnlySpan<byte> inner)
    {
        var text = new RawText();
        text.Append(before);
        text.Append(inner);
        text.WriteTo(to, name);
    }
}
