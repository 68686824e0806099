using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Relay.Core.Errors;
using Relay.Gateway.Errors;

namespace Relay.Gateway.Dialects.Gemini;

/// <summary>Reads a whole GenerateContentResponse as a chat.completion object.</summary>
internal static class OpenAiGeminiAnswer
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes the chat.completion, or says why there is none.</summary>
    public static RelayError? Read(ReadOnlyMemory<byte> answer, in UpstreamCall call, IBufferWriter<byte> chat)
    {
        var data = answer.Span;
        var reply = new GeminiReply();
        if (!reply.TryRead(data))
        {
            return new(ErrorKind.Malformed, "The provider's answer is not a JSON object.");
        }

        if (Fault(reply, answer) is { } fault)
        {
            return fault;
        }

        using var json = new Utf8JsonWriter(chat, Options);
        json.WriteStartObject();
        ChunkHead.WriteIdentity(reply, call, "chat.completion"u8, data, json);
        json.WriteStartArray("choices"u8);
        var piece = new ArrayBufferWriter<byte>(256);
        foreach (var candidate in reply.Candidates)
        {
            WriteChoice(reply, candidate, call.RequestId, data, json, piece);
        }

        json.WriteEndArray();
        if (reply.Usage is { } usage)
        {
            json.WritePropertyName("usage"u8);
            usage.Write(json);
        }

        json.WriteEndObject();
        return null;
    }

    private static RelayError? Fault(GeminiReply reply, ReadOnlyMemory<byte> answer)
    {
        var data = answer.Span;
        if (reply.IsError)
        {
            return GeminiError.ToRelay(GeminiError.Read(0, answer));
        }

        if (reply.Candidates.Count == 0)
        {
            return reply.BlockReason.IsPresent
                ? GeminiError.ToRelay(GeminiError.Blocked(reply.BlockReason.Inner(data)))
                : new(ErrorKind.Malformed, "The provider's answer has no candidates.");
        }

        foreach (var candidate in reply.Candidates)
        {
            if (candidate.Finish == GeminiFinish.Failed)
            {
                return GeminiError.ToRelay(GeminiError.Stopped(candidate.FinishReason.Inner(data)));
            }

            if (candidate.Finish == GeminiFinish.None)
            {
                return new(ErrorKind.Truncated, "The provider's answer has no finishReason: it is not complete.");
            }
        }

        return null;
    }

    private static void WriteChoice(
        GeminiReply reply, in GeminiCandidate candidate, string requestId, ReadOnlySpan<byte> data, Utf8JsonWriter json, ArrayBufferWriter<byte> piece)
    {
        var parts = reply.Parts.GetRange(candidate.FirstPart, candidate.PartCount);
        var calls = parts.FindAll(part => part.CallName.IsPresent);
        json.WriteStartObject();
        json.WriteNumber("index"u8, candidate.Index);
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        WriteTexts(parts, data, json, piece);
        WriteCalls(calls, candidate.Index, requestId, data, json, piece);
        WriteImages(parts, data, json, piece);
        json.WriteEndObject();
        if (candidate.Logprobs.IsPresent)
        {
            piece.ResetWrittenCount();
            GeminiLogprobs.Write(candidate.Logprobs.Of(data), piece);
            json.WritePropertyName("logprobs"u8);
            json.WriteRawValue(piece.WrittenSpan, skipInputValidation: true);
        }
        else
        {
            json.WriteNull("logprobs"u8);
        }

        json.WritePropertyName("finish_reason"u8);
        json.WriteRawValue(GeminiFinishReason.ToOpenAi(candidate.Finish, calls.Count > 0), skipInputValidation: true);
        json.WriteEndObject();
    }

    private static void WriteTexts(List<GeminiPart> parts, ReadOnlySpan<byte> data, Utf8JsonWriter json, ArrayBufferWriter<byte> piece)
    {
        json.WritePropertyName("content"u8);
        if (parts.Exists(part => part.Text.Length > 2 && !part.IsThought) || !parts.Exists(part => part.CallName.IsPresent))
        {
            WriteJoined(parts, thoughts: false, data, json, piece);
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteNull("refusal"u8);
        if (parts.Exists(part => part.Text.Length > 2 && part.IsThought))
        {
            json.WritePropertyName("reasoning_content"u8);
            WriteJoined(parts, thoughts: true, data, json, piece);
        }

        var signed = parts.FindLast(part => part.Signature.IsPresent && !part.CallName.IsPresent);
        if (signed.Signature.IsPresent)
        {
            json.WriteStartObject("extra_content"u8);
            json.WriteStartObject("google"u8);
            json.WritePropertyName("thought_signature"u8);
            json.WriteRawValue(signed.Signature.Of(data), skipInputValidation: true);
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    private static void WriteJoined(List<GeminiPart> parts, bool thoughts, ReadOnlySpan<byte> data, Utf8JsonWriter json, ArrayBufferWriter<byte> piece)
    {
        piece.ResetWrittenCount();
        piece.Write("\""u8);
        foreach (var part in parts)
        {
            if (part.IsThought == thoughts)
            {
                piece.Write(part.Text.Inner(data));
            }
        }

        piece.Write("\""u8);
        json.WriteRawValue(piece.WrittenSpan, skipInputValidation: true);
    }

    private static void WriteCalls(
        List<GeminiPart> calls, int choice, string requestId, ReadOnlySpan<byte> data, Utf8JsonWriter json, ArrayBufferWriter<byte> piece)
    {
        if (calls.Count == 0)
        {
            return;
        }

        json.WriteStartArray("tool_calls"u8);
        for (var i = 0; i < calls.Count; i++)
        {
            piece.ResetWrittenCount();
            GeminiCall.Write(calls[i], null, i, requestId, choice, data, piece);
            json.WriteRawValue(piece.WrittenSpan, skipInputValidation: true);
        }

        json.WriteEndArray();
    }

    private static void WriteImages(List<GeminiPart> parts, ReadOnlySpan<byte> data, Utf8JsonWriter json, ArrayBufferWriter<byte> piece)
    {
        var images = parts.FindAll(part => part.Data.IsPresent);
        if (images.Count == 0)
        {
            return;
        }

        json.WriteStartArray("images"u8);
        foreach (var image in images)
        {
            piece.ResetWrittenCount();
            GeminiImage.WriteImage(image, data, piece);
            json.WriteRawValue(piece.WrittenSpan, skipInputValidation: true);
        }

        json.WriteEndArray();
    }
}
