using System.Text.Json;

namespace Relay.Simulator;

/// <summary>Writes a GenerateContentResponse.</summary>
internal static class GeminiAnswer
{
    /// <summary>The finishReason of an answer.</summary>
    public static string Name(FinishReason reason) => reason switch
    {
        FinishReason.Length => "MAX_TOKENS",
        FinishReason.Refusal => "SAFETY",
        _ => "STOP",
    };

    public static void Write(Utf8JsonWriter json, Exchange exchange, ChatRequest request, AnswerPlan plan)
    {
        var fault = exchange.Fault?.Kind;
        if (fault != FaultKind.EmptyChoices)
        {
            json.WriteStartArray("candidates"u8);
            foreach (var choice in plan.Choices)
            {
                WriteCandidate(json, plan, choice, fault != FaultKind.NoFinish, request.Thoughts != Thoughts.None);
            }

            json.WriteEndArray();
        }

        if (fault != FaultKind.NoUsage)
        {
            WriteUsage(json, plan.Usage, whole: true);
        }

        WriteTail(json, exchange, request.Model);
    }

    /// <summary>What a prompt that was blocked gets.</summary>
    public static void WriteBlocked(Utf8JsonWriter json, Exchange exchange, ApiError error)
    {
        json.WriteStartObject();
        json.WriteStartObject("promptFeedback"u8);
        json.WriteString("blockReason"u8, error.Type);
        json.WriteEndObject();
        WriteUsage(json, default, whole: false);
        WriteTail(json, exchange, exchange.Route.Model!);
        json.WriteEndObject();
    }

    /// <summary>The tokens; candidates' and thoughts' only when the answer is whole. Thoughts are not part of the candidates'.</summary>
    public static void WriteUsage(Utf8JsonWriter json, Usage usage, bool whole)
    {
        json.WriteStartObject("usageMetadata"u8);
        json.WriteNumber("promptTokenCount"u8, usage.Prompt);
        if (usage.Cached > 0)
        {
            json.WriteNumber("cachedContentTokenCount"u8, usage.Cached);
        }

        if (whole)
        {
            json.WriteNumber("candidatesTokenCount"u8, usage.Completion - usage.Reasoning);
        }

        json.WriteNumber("totalTokenCount"u8, usage.Prompt + (whole ? usage.Completion : 0));
        WriteDetails(json, "promptTokensDetails"u8, usage.Prompt);
        if (whole && usage.Reasoning > 0)
        {
            json.WriteNumber("thoughtsTokenCount"u8, usage.Reasoning);
        }

        json.WriteEndObject();
    }

    public static void WriteDetails(Utf8JsonWriter json, ReadOnlySpan<byte> name, int tokens)
    {
        json.WriteStartArray(name);
        json.WriteStartObject();
        json.WriteString("modality"u8, "TEXT"u8);
        json.WriteNumber("tokenCount"u8, tokens);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    public static void WriteTail(Utf8JsonWriter json, Exchange exchange, string model)
    {
        json.WriteString("modelVersion"u8, model);
        json.WriteString("responseId"u8, exchange.Id);
    }

    /// <summary>A part that calls a function. A model that thinks gives its calls ids and signs the first; an older one does neither.</summary>
    public static void WriteCall(Utf8JsonWriter json, PlannedBlock block, bool thinks, bool first)
    {
        var tool = block.Tool!;
        json.WriteStartObject();
        json.WriteStartObject("functionCall"u8);
        if (thinks)
        {
            json.WriteString("id"u8, tool.Key);
        }

        json.WriteString("name"u8, tool.Name);
        json.WritePropertyName("args"u8);
        json.WriteRawValue(block.Text);
        json.WriteEndObject();
        if (thinks && first)
        {
            json.WriteString("thoughtSignature"u8, GeminiParts.Signature(tool.Key));
        }

        json.WriteEndObject();
    }

    public static void WriteThought(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("text"u8, text);
        json.WriteBoolean("thought"u8, true);
        json.WriteEndObject();
    }

    private static void WriteCandidate(Utf8JsonWriter json, AnswerPlan plan, PlannedChoice choice, bool finish, bool thinks)
    {
        json.WriteStartObject();
        json.WriteStartObject("content"u8);
        json.WriteStartArray("parts"u8);
        if (plan.Thinking is { } thinking)
        {
            WriteThought(json, thinking.Text);
        }

        WriteParts(json, choice, thinks);
        json.WriteEndArray();
        json.WriteString("role"u8, "model"u8);
        json.WriteEndObject();
        if (finish)
        {
            json.WriteString("finishReason"u8, Name(choice.Reason));
        }

        json.WriteNumber("index"u8, choice.Index);
        json.WriteEndObject();
    }

    // A model that thinks signs its text too.
    private static void WriteParts(Utf8JsonWriter json, PlannedChoice choice, bool thinks)
    {
        for (var i = 0; i < choice.Blocks.Length; i++)
        {
            var block = choice.Blocks[i];
            if (block.Tool is not null)
            {
                WriteCall(json, block, thinks, first: i == 0);
            }
            else if (block.Count > 0)
            {
                json.WriteStartObject();
                json.WriteString("text"u8, block.Text);
                if (thinks)
                {
                    json.WriteString("thoughtSignature"u8, GeminiParts.Signature("text"));
                }

                json.WriteEndObject();
            }
        }
    }
}
