using System.Buffers;
using System.Text.Json;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>
/// Thinking of other models is shown to Anthropic's clients as thinking blocks, which clients send back. Anthropic refuses blocks that it
/// has not signed, so Relay marks the signatures of these: <see cref="Prefix"/> and the other provider's own signature, if it has one.
/// </summary>
internal static class RelaySignature
{
    /// <summary>How a signature begins that did not come from Anthropic. Base64, as Anthropic's are, has no colon.</summary>
    public static ReadOnlySpan<byte> Prefix => "relay:"u8;

    /// <summary>Is this block thinking that did not come from Anthropic?</summary>
    public static bool IsOn(JsonElement block) =>
        (block.Has("type"u8, "thinking"u8) && block.TryGetText("signature"u8, out var mark) && mark.StartsWith(Prefix))
        || (block.Has("type"u8, "redacted_thinking"u8) && block.TryGetText("data"u8, out mark) && mark.StartsWith(Prefix));

    /// <summary>
    /// Takes such blocks out of a request that passes through to Anthropic; an assistant message that has nothing else goes too. Where none
    /// is there, which one search tells, nothing is copied.
    /// </summary>
    /// <param name="body">A Messages request; any bytes.</param>
    /// <param name="stripped">The request without them.</param>
    /// <returns>False when the body is to be sent as it is.</returns>
    public static bool TryStrip(ReadOnlyMemory<byte> body, out ReadOnlyMemory<byte> stripped)
    {
        stripped = default;
        if (body.Span.IndexOf("\"relay:"u8) < 0)
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(body, JsonFields.Reading);
            if (!document.RootElement.TryGet("messages"u8, out var messages) || messages.ValueKind != JsonValueKind.Array)
            {
                return false;
            }

            var to = new ArrayBufferWriter<byte>(body.Length);
            using (var json = new Utf8JsonWriter(to, JsonFields.Writing))
            {
                CopyObject(json, document.RootElement, "messages", () => CopyMessages(json, messages));
            }

            stripped = to.WrittenMemory;
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static void CopyMessages(Utf8JsonWriter to, JsonElement messages)
    {
        to.WriteStartArray();
        foreach (var message in messages.EnumerateArray())
        {
            if (!message.TryGet("content"u8, out var content) || content.ValueKind != JsonValueKind.Array || !content.EnumerateArray().Any(IsOn))
            {
                to.WriteRawValue(message.Raw(), skipInputValidation: true);
            }
            else if (!content.EnumerateArray().All(IsOn))
            {
                CopyObject(to, message, "content", () => CopyBlocks(to, content));
            }
        }

        to.WriteEndArray();
    }

    private static void CopyBlocks(Utf8JsonWriter to, JsonElement content)
    {
        to.WriteStartArray();
        foreach (var block in content.EnumerateArray())
        {
            if (!IsOn(block))
            {
                to.WriteRawValue(block.Raw(), skipInputValidation: true);
            }
        }

        to.WriteEndArray();
    }

    private static void CopyObject(Utf8JsonWriter to, JsonElement from, string changed, Action change)
    {
        to.WriteStartObject();
        foreach (var field in from.EnumerateObject())
        {
            to.WritePropertyName(field.Name);
            if (field.Name == changed)
            {
                change();
            }
            else
            {
                to.WriteRawValue(field.Value.Raw(), skipInputValidation: true);
            }
        }

        to.WriteEndObject();
    }
}
