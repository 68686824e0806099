using System.Text.Json;

namespace Relay.Gateway.Dialects.Gemini;

/// <summary>Writes generationConfig (https://ai.google.dev/api/generate-content#generationconfig).</summary>
internal static class GeminiConfig
{
    /// <summary>Gemini takes this many; OpenAI up to 4.</summary>
    private const int MaxStops = 5;

    /// <summary>Writes the member, when anything is to be said in it.</summary>
    public static void Write(Field chat, GeminiModel model, Utf8JsonWriter json, DroppedFields dropped)
    {
        json.WriteStartObject("generationConfig"u8);
        CopyNumber(chat["temperature"], "temperature"u8, json);
        CopyNumber(chat["top_p"], "topP"u8, json);
        CopyNumber(chat["top_k"], "topK"u8, json);
        CopyNumber(chat["presence_penalty"], "presencePenalty"u8, json);
        CopyNumber(chat["frequency_penalty"], "frequencyPenalty"u8, json);
        WriteMaxTokens(chat, json);
        WriteStops(chat["stop"], json);
        WriteChoices(chat["n"], json);
        WriteSeed(chat["seed"], json, dropped);
        WriteLogprobs(chat, json);
        WriteFormat(chat["response_format"], json);
        WriteThinking(chat["reasoning_effort"], model, json, dropped);
        json.WriteEndObject();
    }

    private static void CopyNumber(Field field, ReadOnlySpan<byte> name, Utf8JsonWriter json)
    {
        if (field.IsPresent)
        {
            field.Number().CopyTo(json, name);
        }
    }

    /// <summary>In both, thoughts count against the limit.</summary>
    private static void WriteMaxTokens(Field chat, Utf8JsonWriter json)
    {
        var max = chat["max_completion_tokens"] is { IsPresent: true } newer ? newer : chat["max_tokens"];
        if (max.IsPresent)
        {
            json.WriteNumber("maxOutputTokens"u8, max.Integer());
        }
    }

    private static void WriteStops(Field stop, Utf8JsonWriter json)
    {
        if (!stop.IsPresent || (stop.Kind == JsonValueKind.Array && stop.Count == 0))
        {
            return;
        }

        if (stop.Count > MaxStops)
        {
            throw stop.Refuse("holds more than the 5 sequences that Gemini takes. Send fewer.");
        }

        json.WriteStartArray("stopSequences"u8);
        if (stop.Kind == JsonValueKind.String)
        {
            json.WriteRawValue(stop.Raw, skipInputValidation: true);
        }
        else
        {
            stop.Array();
            for (var i = 0; i < stop.Count; i++)
            {
                json.WriteRawValue(stop[i].String().Raw, skipInputValidation: true);
            }
        }

        json.WriteEndArray();
    }

    private static void WriteChoices(Field choices, Utf8JsonWriter json)
    {
        if (choices.IsPresent && choices.Integer() is var count && count != 1)
        {
            if (count is < 1 or > GeminiReply.MaxCandidates)
            {
                throw choices.Refuse("is not a number of choices that Gemini gives. Ask for 1 to 8.");
            }

            json.WriteNumber("candidateCount"u8, count);
        }
    }

    /// <summary>Gemini's seed has 32 bits. A wider one is left out: it promises no more than a try.</summary>
    private static void WriteSeed(Field seed, Utf8JsonWriter json, DroppedFields dropped)
    {
        if (!seed.IsPresent)
        {
            return;
        }

        if (seed.Integer() is >= int.MinValue and <= int.MaxValue)
        {
            seed.CopyTo(json, "seed"u8);
        }
        else
        {
            dropped.Add("seed");
        }
    }

    private static void WriteLogprobs(Field chat, Utf8JsonWriter json)
    {
        if (chat["logprobs"].Flag() != true)
        {
            return;
        }

        json.WriteBoolean("responseLogprobs"u8, true);
        if (chat["top_logprobs"] is { IsPresent: true } top)
        {
            json.WriteNumber("logprobs"u8, top.Integer());
        }
    }

    private static void WriteFormat(Field format, Utf8JsonWriter json)
    {
        if (!format.IsPresent)
        {
            return;
        }

        var type = format.Object()["type"];
        switch (type.Text())
        {
            case "text":
                break;
            case "json_object":
                json.WriteString("responseMimeType"u8, "application/json"u8);
                break;
            case "json_schema":
                json.WriteString("responseMimeType"u8, "application/json"u8);
                var schema = format["json_schema"].Object()["schema"];
                if (schema.IsPresent)
                {
                    schema.Object().CopyTo(json, "responseJsonSchema"u8);
                }

                break;
            default:
                throw type.Refuse("must be \"text\", \"json_object\" or \"json_schema\" at a Gemini target.");
        }
    }

    private static void WriteThinking(Field effort, GeminiModel model, Utf8JsonWriter json, DroppedFields dropped)
    {
        if (!effort.IsPresent)
        {
            return;
        }

        var thinking = GeminiEffort.Of(effort, model.IsPro);
        if (model.Thinking == GeminiThinking.None)
        {
            dropped.Add("reasoning_effort");
            return;
        }

        json.WriteStartObject("thinkingConfig"u8);
        if (model.Thinking == GeminiThinking.Budget)
        {
            json.WriteNumber("thinkingBudget"u8, thinking.Budget);
        }
        else
        {
            json.WriteString("thinkingLevel"u8, thinking.Level);
        }

        if (thinking.IsShown)
        {
            json.WriteBoolean("includeThoughts"u8, true);
        }

        json.WriteEndObject();
    }
}
