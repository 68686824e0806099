using System.Text.Json;
using Relay.Core.Cost;

namespace Relay.Gateway.Dialects.OpenAi;

/// <summary>
/// Reads OpenAI's usage object, in which cached tokens are part of the prompt and reasoning tokens part of the completion; with what Relay
/// adds for other dialects, see <see cref="IUpstreamDialect"/>.
/// </summary>
internal static class UsageReader
{
    /// <summary>Reads the value that the reader stands on, and leaves it at the value's end. False for null and anything that is no object.</summary>
    public static bool TryRead(ref Utf8JsonReader json, out Usage usage)
    {
        usage = default;
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return false;
        }

        long prompt = 0, completion = 0, cached = 0, audioIn = 0, reasoning = 0, audioOut = 0;
        var writes = default(CacheWrites);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.TextIs("prompt_tokens"u8))
            {
                prompt = ReadCount(ref json);
            }
            else if (json.TextIs("completion_tokens"u8))
            {
                completion = ReadCount(ref json);
            }
            else if (json.TextIs("prompt_tokens_details"u8))
            {
                ReadDetails(ref json, "cached_tokens"u8, ref cached, ref audioIn, ref writes);
            }
            else if (json.TextIs("completion_tokens_details"u8))
            {
                ReadDetails(ref json, "reasoning_tokens"u8, ref reasoning, ref audioOut, ref writes);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        usage = Usage.FromOpenAi(prompt, cached, audioIn, completion, reasoning, audioOut).WithCacheWrites(writes.FiveMinutes, writes.OneHour);
        return true;
    }

    private static void ReadDetails(ref Utf8JsonReader json, ReadOnlySpan<byte> name, ref long first, ref long audio, ref CacheWrites writes)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.TextIs(name))
            {
                first = ReadCount(ref json);
            }
            else if (json.TextIs("audio_tokens"u8))
            {
                audio = ReadCount(ref json);
            }
            else if (json.TextIs("cache_write_5m_tokens"u8))
            {
                writes.FiveMinutes = ReadCount(ref json);
            }
            else if (json.TextIs("cache_write_1h_tokens"u8))
            {
                writes.OneHour = ReadCount(ref json);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
    }

    private static long ReadCount(ref Utf8JsonReader json)
    {
        json.Read();
        var count = json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var value) ? Math.Max(0, value) : 0;
        json.Skip();
        return count;
    }

    private struct CacheWrites
    {
        public long FiveMinutes;
        public long OneHour;
    }
}
