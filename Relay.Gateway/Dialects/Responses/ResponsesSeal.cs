using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace Relay.Gateway.Dialects.Responses;

/// <summary>
/// What other providers want back with their own words (Anthropic's signed thinking, Gemini's thought signatures), kept in the
/// encrypted_content of a reasoning item. Clients send that back as it is: it is made for it. It is no secret, only opaque.
/// <code><![CDATA[
///   relay1. base64url( {"thinking_blocks":[…], "message":{extra_content}, "calls":{"call_1":{extra_content}}} )
/// ]]></code>
/// </summary>
internal static class ResponsesSeal
{
    private static ReadOnlySpan<byte> Prefix => "relay1."u8;

    /// <summary>Seals one member.</summary>
    /// <param name="member">The JSON of the member, name included.</param>
    /// <returns>A JSON string with its quotes.</returns>
    public static byte[] Close(ReadOnlySpan<byte> member)
    {
        var inner = new byte[member.Length + 2];
        inner[0] = (byte)'{';
        member.CopyTo(inner.AsSpan(1));
        inner[^1] = (byte)'}';
        var length = Base64Url.GetEncodedLength(inner.Length);
        var sealedText = new byte[length + Prefix.Length + 2];
        sealedText[0] = (byte)'"';
        Prefix.CopyTo(sealedText.AsSpan(1));
        Base64Url.EncodeToUtf8(inner, sealedText.AsSpan(1 + Prefix.Length), out _, out _);
        sealedText[^1] = (byte)'"';
        return sealedText;
    }

    /// <summary>Opens what <see cref="Close"/> made; null for anything else, such as what OpenAI itself encrypted.</summary>
    public static JsonElement? Open(Field encrypted)
    {
        if (encrypted.Kind != JsonValueKind.String)
        {
            return null;
        }

        var raw = encrypted.Raw[1..^1];
        if (!raw.StartsWith(Prefix))
        {
            return null;
        }

        raw = raw[Prefix.Length..];
        var inner = new byte[Base64Url.GetMaxDecodedLength(raw.Length)];
        if (Base64Url.DecodeFromUtf8(raw, inner, out _, out var length) != OperationStatus.Done)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(inner.AsMemory(0, length));
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
