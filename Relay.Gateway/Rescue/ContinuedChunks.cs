using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Relay.Core.Cost;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Gateway.Rescue;

/// <summary>
/// Writes the chunks of a rescued stream so that they belong to the one that the client knows: id, created, model and what else its first
/// chunk says of the answer as a whole, then choices of their own.
/// </summary>
internal sealed class ContinuedChunks
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>As deep as chunks are read anywhere.</summary>
    public static readonly JsonDocumentOptions Reading = new() { MaxDepth = RequestScanner.MaxDepth };

    private readonly ArrayBufferWriter<byte> _event = new(512);
    private readonly JsonProperty[] _shared;

    /// <summary>Takes over what the first chunk says.</summary>
    public ContinuedChunks(ReadOnlySpan<byte> firstChunk)
    {
        using var first = JsonDocument.Parse(firstChunk.ToArray(), Reading);
        _shared = [.. first.RootElement.Clone().EnumerateObject().Where(m => m.Name is not ("choices" or "usage" or "error" or "obfuscation"))];
    }

    /// <summary>A chunk with text.</summary>
    public ReadOnlySpan<byte> Text(ReadOnlySpan<byte> text)
    {
        using (var json = Begin())
        {
            BeginDelta(json);
            json.WriteString("content"u8, text);
            EndDelta(json, null);
        }

        return Finish();
    }

    /// <summary>A chunk with other members of a delta, such as a tool call.</summary>
    public ReadOnlySpan<byte> Members(IEnumerable<JsonProperty> members)
    {
        using (var json = Begin())
        {
            BeginDelta(json);
            foreach (var member in members)
            {
                member.WriteTo(json);
            }

            EndDelta(json, null);
        }

        return Finish();
    }

    /// <summary>The chunk with the finish_reason.</summary>
    public ReadOnlySpan<byte> End(string finishReason)
    {
        using (var json = Begin())
        {
            BeginDelta(json);
            EndDelta(json, finishReason);
        }

        return Finish();
    }

    /// <summary>The chunk with the usage, and what <paramref name="story"/> adds.</summary>
    public ReadOnlySpan<byte> Usage(Usage usage, Action<Utf8JsonWriter> story)
    {
        using (var json = Begin())
        {
            json.WriteStartArray("choices"u8);
            json.WriteEndArray();
            json.WriteStartObject("usage"u8);
            WriteUsage(json, usage);
            json.WriteEndObject();
            story(json);
            json.WriteEndObject();
        }

        return Finish();
    }

    /// <summary>The members of OpenAI's usage object.</summary>
    public static void WriteUsage(Utf8JsonWriter json, Usage usage)
    {
        json.WriteNumber("prompt_tokens"u8, usage.TotalInput);
        json.WriteNumber("completion_tokens"u8, usage.TotalOutput);
        json.WriteNumber("total_tokens"u8, usage.Total);
        json.WriteStartObject("prompt_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, usage.CachedInputTokens);
        json.WriteNumber("audio_tokens"u8, usage.AudioInputTokens);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, usage.ReasoningTokens);
        json.WriteNumber("audio_tokens"u8, usage.AudioOutputTokens);
        json.WriteEndObject();
    }

    private static void BeginDelta(Utf8JsonWriter json)
    {
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, 0);
        json.WriteStartObject("delta"u8);
    }

    private static void EndDelta(Utf8JsonWriter json, string? finishReason)
    {
        json.WriteEndObject();
        json.WriteString("finish_reason"u8, finishReason);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private Utf8JsonWriter Begin()
    {
        _event.ResetWrittenCount();
        _event.Write("data: "u8);
        var json = new Utf8JsonWriter(_event, Options);
        json.WriteStartObject();
        foreach (var member in _shared)
        {
            member.WriteTo(json);
        }

        return json;
    }

    private ReadOnlySpan<byte> Finish()
    {
        _event.Write("\n\n"u8);
        return _event.WrittenSpan;
    }
}
