using System.Buffers;
using System.Text.Json;

namespace Relay.Gateway.Dialects.Gemini;

/// <summary>
/// Thought signatures, which Gemini wants back with the part that they came with
/// (https://ai.google.dev/gemini-api/docs/thought-signatures). In chat completions they stand where Google's own OpenAI endpoint puts
/// them: <c>extra_content.google.thought_signature</c> of a tool call, a message or a delta.
/// </summary>
internal static class GeminiSignature
{
    /// <summary>Google's stand-in for a signature that is not there, as when another model made the call.</summary>
    public static ReadOnlySpan<byte> Skip => "skip_thought_signature_validator"u8;

    /// <summary>Writes the member, without commas around it.</summary>
    /// <param name="signature">A JSON string.</param>
    /// <param name="to">Receives it.</param>
    public static void WriteMember(ReadOnlySpan<byte> signature, IBufferWriter<byte> to)
    {
        to.Write("\"extra_content\":{\"google\":{\"thought_signature\":"u8);
        to.Write(signature);
        to.Write("}}"u8);
    }

    /// <summary>The signature that a tool call or message of a chat request carries; undefined when none.</summary>
    public static JsonElement Find(JsonElement owner) =>
        owner.TryGetProperty("extra_content"u8, out var extra) && extra.ValueKind == JsonValueKind.Object
        && extra.TryGetProperty("google"u8, out var google) && google.ValueKind == JsonValueKind.Object
        && google.TryGetProperty("thought_signature"u8, out var signature) && signature.ValueKind == JsonValueKind.String
            ? signature
            : default;
}
