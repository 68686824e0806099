using System.Buffers;
using System.Text.Json;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Gateway.Dialects.Responses;

/// <summary>OpenAI's chat usage, as the Responses API calls it. What is counted is the same.</summary>
/// <param name="Input">prompt_tokens.</param>
/// <param name="Cached">prompt_tokens_details.cached_tokens.</param>
/// <param name="CacheWrite">Tokens written to a cache, of whatever lifetime.</param>
/// <param name="Output">completion_tokens.</param>
/// <param name="Reasoning">completion_tokens_details.reasoning_tokens.</param>
internal readonly record struct HubUsage(long Input, long Cached, long CacheWrite, long Output, long Reasoning)
{
    /// <summary>Far above any real count, so that no sum overflows.</summary>
    private const long MaxCount = 1L << 52;

    /// <summary>Reads the value that the reader stands on and leaves it at its end; null when it is no object.</summary>
    public static HubUsage? Read(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return null;
        }

        var usage = default(HubUsage);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.TextIs("prompt_tokens"u8))
            {
                usage = usage with { Input = Count(ref json) };
            }
            else if (json.TextIs("completion_tokens"u8))
            {
                usage = usage with { Output = Count(ref json) };
            }
            else if (json.TextIs("prompt_tokens_details"u8) || json.TextIs("completion_tokens_details"u8))
            {
                json.Read();
                usage = usage.WithDetails(ref json);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        return usage;
    }

    /// <summary>Writes it as the Responses API's usage object.</summary>
    public void Write(IBufferWriter<byte> to)
    {
        using var json = new Utf8JsonWriter(to);
        json.WriteStartObject();
        json.WriteNumber("input_tokens"u8, Input);
        json.WriteStartObject("input_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, Cached);
        json.WriteNumber("cache_write_tokens"u8, CacheWrite);
        json.WriteEndObject();
        json.WriteNumber("output_tokens"u8, Output);
        json.WriteStartObject("output_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, Reasoning);
        json.WriteEndObject();
        json.WriteNumber("total_tokens"u8, Input + Output);
        json.WriteEndObject();
    }

    private HubUsage WithDetails(ref Utf8JsonReader json)
    {
        var usage = this;
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return usage;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.TextIs("cached_tokens"u8))
            {
                usage = usage with { Cached = Count(ref json) };
            }
            else if (json.TextIs("cache_write_tokens"u8) || json.TextIs("cache_write_5m_tokens"u8) || json.TextIs("cache_write_1h_tokens"u8))
            {
                usage = usage with { CacheWrite = Math.Min(MaxCount, usage.CacheWrite + Count(ref json)) };
            }
            else if (json.TextIs("reasoning_tokens"u8))
            {
                usage = usage with { Reasoning = Count(ref json) };
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        return usage;
    }

    private static long Count(ref Utf8JsonReader json)
    {
        json.Read();
        var count = json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var value) ? Math.Clamp(value, 0, MaxCount) : 0;
        json.Skip();
        return count;
    }
}
