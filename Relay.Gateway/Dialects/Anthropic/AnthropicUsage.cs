using System.Text.Json;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>
/// The tokens of an answer, in Anthropic's meaning: input is what was neither read from nor written to a cache. OpenAI's prompt_tokens is
/// all of it. Counts below 0 are taken as 0.
/// </summary>
internal struct AnthropicUsage
{
    private long _input;
    private long _cacheRead;
    private long _cacheWrite;
    private long _cacheWrite5m;
    private long _cacheWrite1h;
    private long _output;
    private long _thinking;

    /// <summary>Anything was reported.</summary>
    public bool IsKnown { get; private set; }

    private readonly long Write1h => _cacheWrite1h;

    private readonly long Write5m => _cacheWrite > 0 ? Math.Max(0, _cacheWrite - _cacheWrite1h) : _cacheWrite5m;

    /// <summary>Reads Anthropic's usage object, on which the reader stands, over what is known: counts in a stream are cumulative, and later ones win.</summary>
    public void ReadAnthropic(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        IsKnown = true;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.TextIs("input_tokens"u8))
            {
                Count(ref json, ref _input);
            }
            else if (json.TextIs("output_tokens"u8))
            {
                Count(ref json, ref _output);
            }
            else if (json.TextIs("cache_read_input_tokens"u8))
            {
                Count(ref json, ref _cacheRead);
            }
            else if (json.TextIs("cache_creation_input_tokens"u8))
            {
                Count(ref json, ref _cacheWrite);
            }
            else if (json.TextIs("cache_creation"u8))
            {
                Details(ref json, "ephemeral_5m_input_tokens"u8, ref _cacheWrite5m, "ephemeral_1h_input_tokens"u8, ref _cacheWrite1h);
            }
            else if (json.TextIs("output_tokens_details"u8))
            {
                Details(ref json, "thinking_tokens"u8, ref _thinking, default, ref _thinking);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
    }

    /// <summary>Reads OpenAI's usage object, on which the reader stands.</summary>
    public void ReadChat(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        this = default;
        IsKnown = true;
        long prompt = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.TextIs("prompt_tokens"u8))
            {
                Count(ref json, ref prompt);
            }
            else if (json.TextIs("completion_tokens"u8))
            {
                Count(ref json, ref _output);
            }
            else if (json.TextIs("prompt_tokens_details"u8))
            {
                PromptDetails(ref json);
            }
            else if (json.TextIs("completion_tokens_details"u8))
            {
                Details(ref json, "reasoning_tokens"u8, ref _thinking, default, ref _thinking);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        _input = Math.Max(0, prompt - _cacheRead - Write5m - Write1h);
    }

    /// <summary>In disjoint categories.</summary>
    public readonly Core.Cost.Usage ToUsage() => new()
    {
        InputTokens = _input,
        CachedInputTokens = _cacheRead,
        CacheWrite5mTokens = Write5m,
        CacheWrite1hTokens = Write1h,
        OutputTokens = _output - Math.Min(_thinking, _output),
        ReasoningTokens = Math.Min(_thinking, _output),
    };

    /// <summary>Writes OpenAI's usage object.</summary>
    public readonly void WriteChat(Utf8JsonWriter to)
    {
        var prompt = _input + _cacheRead + Write5m + Write1h;
        to.WriteStartObject("usage"u8);
        to.WriteNumber("prompt_tokens"u8, prompt);
        to.WriteNumber("completion_tokens"u8, _output);
        to.WriteNumber("total_tokens"u8, prompt + _output);
        to.WriteStartObject("prompt_tokens_details"u8);
        to.WriteNumber("cached_tokens"u8, _cacheRead);
        to.WriteNumber("cache_write_5m_tokens"u8, Write5m);
        to.WriteNumber("cache_write_1h_tokens"u8, Write1h);
        to.WriteEndObject();
        to.WriteStartObject("completion_tokens_details"u8);
        to.WriteNumber("reasoning_tokens"u8, Math.Min(_thinking, _output));
        to.WriteEndObject();
        to.WriteEndObject();
    }

    /// <summary>Writes Anthropic's usage object.</summary>
    public readonly void WriteAnthropic(Utf8JsonWriter to)
    {
        to.WriteStartObject("usage"u8);
        to.WriteNumber("input_tokens"u8, _input);
        to.WriteNumber("cache_creation_input_tokens"u8, Write5m + Write1h);
        to.WriteNumber("cache_read_input_tokens"u8, _cacheRead);
        to.WriteStartObject("cache_creation"u8);
        to.WriteNumber("ephemeral_5m_input_tokens"u8, Write5m);
        to.WriteNumber("ephemeral_1h_input_tokens"u8, Write1h);
        to.WriteEndObject();
        to.WriteNumber("output_tokens"u8, _output);
        if (_thinking > 0)
        {
            to.WriteStartObject("output_tokens_details"u8);
            to.WriteNumber("thinking_tokens"u8, Math.Min(_thinking, _output));
            to.WriteEndObject();
        }

        to.WriteEndObject();
    }

    private void PromptDetails(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.TextIs("cached_tokens"u8))
            {
                Count(ref json, ref _cacheRead);
            }
            else if (json.TextIs("cache_write_5m_tokens"u8))
            {
                Count(ref json, ref _cacheWrite5m);
            }
            else if (json.TextIs("cache_write_1h_tokens"u8))
            {
                Count(ref json, ref _cacheWrite1h);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
    }

    private static void Details(ref Utf8JsonReader json, ReadOnlySpan<byte> first, ref long one, ReadOnlySpan<byte> second, ref long two)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.TextIs(first))
            {
                Count(ref json, ref one);
            }
            else if (!second.IsEmpty && json.TextIs(second))
            {
                Count(ref json, ref two);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }
    }

    /// <summary>A null, as in message_delta, says nothing.</summary>
    private static void Count(ref Utf8JsonReader json, ref long count)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var value))
        {
            count = Math.Clamp(value, 0, Core.Cost.Usage.MaxReportedTokens);
        }

        json.Skip();
    }
}
