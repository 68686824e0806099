using System.Text.Json;
using Relay.Gateway.Dialects.OpenAi;

namespace Relay.Gateway.Dialects.Gemini;

/// <summary>
/// usageMetadata (https://ai.google.dev/api/generate-content#UsageMetadata) in OpenAI's meaning. Gemini counts thoughts and tool-use
/// prompts beside the candidates and the prompt, OpenAI inside of them; cached tokens are part of the prompt in both.
/// </summary>
/// <param name="Prompt">promptTokenCount + toolUsePromptTokenCount.</param>
/// <param name="Cached">cachedContentTokenCount.</param>
/// <param name="Completion">candidatesTokenCount + thoughtsTokenCount.</param>
/// <param name="Thoughts">thoughtsTokenCount.</param>
/// <param name="AudioIn">The AUDIO tokens of promptTokensDetails.</param>
/// <param name="AudioOut">The AUDIO tokens of candidatesTokensDetails.</param>
internal readonly record struct GeminiUsage(long Prompt, long Cached, long Completion, long Thoughts, long AudioIn, long AudioOut)
{
    /// <summary>Far above any real count, so that no sum overflows.</summary>
    private const long MaxCount = 1L << 52;

    /// <summary>Reads the value that the reader stands on and leaves it at its end; null when it is no object.</summary>
    public static GeminiUsage? Read(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return null;
        }

        long prompt = 0, tools = 0, cached = 0, candidates = 0, thoughts = 0, audioIn = 0, audioOut = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.TextIs("promptTokenCount"u8))
            {
                prompt = Count(ref json);
            }
            else if (json.TextIs("toolUsePromptTokenCount"u8))
            {
                tools = Count(ref json);
            }
            else if (json.TextIs("cachedContentTokenCount"u8))
            {
                cached = Count(ref json);
            }
            else if (json.TextIs("candidatesTokenCount"u8))
            {
                candidates = Count(ref json);
            }
            else if (json.TextIs("thoughtsTokenCount"u8))
            {
                thoughts = Count(ref json);
            }
            else if (json.TextIs("promptTokensDetails"u8))
            {
                audioIn = Audio(ref json);
            }
            else if (json.TextIs("candidatesTokensDetails"u8))
            {
                audioOut = Audio(ref json);
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        return new(prompt + tools, cached, candidates + thoughts, thoughts, audioIn, audioOut);
    }

    /// <summary>Writes it as OpenAI's usage object.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("prompt_tokens"u8, Prompt);
        json.WriteNumber("completion_tokens"u8, Completion);
        json.WriteNumber("total_tokens"u8, Prompt + Completion);
        json.WriteStartObject("prompt_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, Cached);
        json.WriteNumber("audio_tokens"u8, AudioIn);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, Thoughts);
        json.WriteNumber("audio_tokens"u8, AudioOut);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static long Count(ref Utf8JsonReader json)
    {
        json.Read();
        var count = json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var value) ? Math.Clamp(value, 0, MaxCount) : 0;
        json.Skip();
        return count;
    }

    /// <summary>The AUDIO entry of a list of ModalityTokenCount.</summary>
    private static long Audio(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return 0;
        }

        long audio = 0;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject)
            {
                json.Skip();
                continue;
            }

            var isAudio = false;
            long tokens = 0;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (json.TextIs("tokenCount"u8))
                {
                    tokens = Count(ref json);
                    continue;
                }

                var isModality = json.TextIs("modality"u8);
                json.Read();
                isAudio |= isModality && json.TokenType == JsonTokenType.String && json.TextIs("AUDIO"u8);
                json.Skip();
            }

            audio = isAudio ? Math.Min(MaxCount, audio + tokens) : audio;
        }

        return audio;
    }
}
