using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Errors;

namespace Relay.Gateway.Dialects.Gemini;

/// <summary>Writes a chat completions request as a GenerateContentRequest. docs/dialects.md is its table.</summary>
internal static class OpenAiGeminiRequest
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Fields that are read here, or that say nothing to a provider.</summary>
    private static readonly HashSet<string> Carried =
    [
        "model", "messages", "stream", "stream_options", "tools", "tool_choice", "functions", "function_call", "parallel_tool_calls",
        "response_format", "stop", "temperature", "top_p", "top_k", "max_tokens", "max_completion_tokens", "n", "seed", "presence_penalty",
        "frequency_penalty", "logprobs", "top_logprobs", "reasoning_effort", "modalities", "audio", "web_search_options",
    ];

    /// <summary>Writes it, or says which field stands in the way. After an error what was written is to be thrown away.</summary>
    public static RelayError? Write(ReadOnlyMemory<byte> chat, in UpstreamCall call, IBufferWriter<byte> to, DroppedFields dropped)
    {
        try
        {
            using var document = JsonDocument.Parse(chat, new JsonDocumentOptions { MaxDepth = RequestScanner.MaxDepth });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return RequestScanner.Invalid("The request must be a JSON object with \"messages\".", "messages");
            }

            Write(new Field(document.RootElement, default), call, to, dropped);
            return null;
        }
        catch (RefusedException e)
        {
            return e.Error;
        }
        catch (JsonException)
        {
            return RequestScanner.Invalid("The request is not valid JSON.");
        }
        catch (InvalidOperationException)
        {
            // Names of members and words that are compared, with half of a surrogate pair in them.
            return RequestScanner.Invalid("The request holds a broken escape sequence: half of a surrogate pair.");
        }
    }

    private static void Write(Field chat, in UpstreamCall call, IBufferWriter<byte> to, DroppedFields dropped)
    {
        RefuseWhatChangesTheMeaning(chat);
        var model = GeminiModel.Of(call.UpstreamModel);
        using var json = new Utf8JsonWriter(to, Options);
        json.WriteStartObject();
        new GeminiContents(chat, json, dropped, model).Write();
        GeminiTools.Write(chat, json, dropped);
        GeminiConfig.Write(chat, model, json, dropped);
        json.WriteEndObject();
        NoteTheRest(chat, dropped);
    }

    private static void RefuseWhatChangesTheMeaning(Field chat)
    {
        var modalities = chat["modalities"];
        for (var i = 0; i < modalities.Count; i++)
        {
            if (modalities[i].Text() != "text")
            {
                throw modalities[i].Refuse("is not \"text\", and nothing else is carried to a Gemini target. Ask for text, or use a target that speaks OpenAI.");
            }
        }

        var search = chat["web_search_options"];
        if (search.IsPresent)
        {
            throw search.Refuse("is not carried to a Gemini target: its answer would lack the search. Leave it out, or use a target that speaks OpenAI.");
        }
    }

    private static void NoteTheRest(Field chat, DroppedFields dropped)
    {
        foreach (var member in chat.Value.EnumerateObject())
        {
            if (!Carried.Contains(member.Name) && !IsNeutral(member))
            {
                dropped.AddForeign(member.Name);
            }
        }
    }

    /// <summary>Values that ask for nothing: null, false, an empty list or object, the default tier.</summary>
    private static bool IsNeutral(JsonProperty member) => member.Value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.Array => member.Value.GetArrayLength() == 0,
        JsonValueKind.Object => member.Value.GetPropertyCount() == 0,
        JsonValueKind.String => member.Name == "service_tier" && (member.Value.ValueEquals("auto"u8) || member.Value.ValueEquals("default"u8)),
        _ => false,
    };
}
