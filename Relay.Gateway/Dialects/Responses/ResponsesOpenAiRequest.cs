using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Errors;

namespace Relay.Gateway.Dialects.Responses;

/// <summary>Reads a Responses request as a chat completions request.</summary>
internal static class ResponsesOpenAiRequest
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Fields that are read here, repeated in the answer, or say nothing to a provider.</summary>
    private static readonly HashSet<string> Carried =
    [
        "model", "input", "instructions", "stream", "stream_options", "tools", "tool_choice", "parallel_tool_calls", "text", "reasoning",
        "max_output_tokens", "temperature", "top_p", "top_logprobs", "include", "user", "safety_identifier", "prompt_cache_key",
        "prompt_cache_retention", "service_tier", "metadata", "store", "previous_response_id", "conversation", "background", "prompt", "moderation",
    ];

    /// <summary>Reads it; see <see cref="IClientDialect.ReadRequest"/>. After an error what was written is to be thrown away.</summary>
    public static RelayError? Read(ReadOnlyMemory<byte> body, IBufferWriter<byte> chat, DroppedFields dropped, ref ResponsesEcho echo)
    {
        if (body.IsEmpty)
        {
            return RequestScanner.Invalid("The request body is empty. Send a JSON object with \"model\" and \"input\".");
        }

        if (!Utf8.IsValid(body.Span))
        {
            return RequestScanner.Invalid("The request body is not valid UTF-8. Encode the JSON as UTF-8 without other bytes.");
        }

        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = RequestScanner.MaxDepth });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return RequestScanner.Invalid("The request body must be a JSON object with \"model\" and \"input\".");
            }

            var request = new Field(document.RootElement, default);
            ResponsesState.Refuse(request);
            Write(request, chat, dropped);
            echo = ResponsesEcho.Of(request);
            return null;
        }
        catch (RefusedException e)
        {
            return e.Error;
        }
        catch (JsonException e)
        {
            return RequestScanner.Invalid(RequestScanner.Explain(e, body.Length));
        }
        catch (InvalidOperationException)
        {
            // Names of members and words that are compared, with half of a surrogate pair in them.
            return RequestScanner.Invalid("The request body holds a broken escape sequence: half of a surrogate pair.");
        }
    }

    private static void Write(Field request, IBufferWriter<byte> chat, DroppedFields dropped)
    {
        using var json = new Utf8JsonWriter(chat, Options);
        json.WriteStartObject();
        WriteModel(request["model"], json);
        json.WriteStartArray("messages"u8);
        new ResponsesInput(request, json, dropped).Write();
        json.WriteEndArray();
        if (request["stream"].Flag() == true)
        {
            json.WriteBoolean("stream"u8, true);
            json.WriteStartObject("stream_options"u8);
            json.WriteBoolean("include_usage"u8, true);
            json.WriteEndObject();
        }

        ResponsesTools.Write(request, json);
        ResponsesFormat.Write(request["text"], json);
        WriteOptions(request, json, dropped);
        json.WriteEndObject();
        NoteTheRest(request, dropped);
    }

    private static void WriteModel(Field model, Utf8JsonWriter json)
    {
        if (!model.IsPresent)
        {
            throw model.Refuse("is missing: the name of a configured model. GET /v1/models lists them.");
        }

        json.WriteString("model"u8, model.Text());
    }

    private static void WriteOptions(Field request, Utf8JsonWriter json, DroppedFields dropped)
    {
        if (request["reasoning"] is { IsPresent: true } reasoning && reasoning.Object()["effort"] is { IsPresent: true } effort)
        {
            effort.String().CopyTo(json, "reasoning_effort"u8);
        }

        if (request["max_output_tokens"] is { IsPresent: true } max)
        {
            json.WriteNumber("max_completion_tokens"u8, max.Integer());
        }

        CopyNumber(request, "temperature", json);
        CopyNumber(request, "top_p", json);
        WriteLogprobs(request, json, dropped);
        foreach (var name in (ReadOnlySpan<string>)["user", "safety_identifier", "prompt_cache_key", "prompt_cache_retention", "service_tier"])
        {
            if (request[name] is { IsPresent: true } field)
            {
                json.WriteString(name, field.Text());
            }
        }

        if (request["metadata"] is { IsPresent: true } metadata)
        {
            metadata.Object();
        }
    }

    private static void CopyNumber(Field request, string name, Utf8JsonWriter json)
    {
        if (request[name] is { IsPresent: true } field)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(field.Number().Raw, skipInputValidation: true);
        }
    }

    private static void WriteLogprobs(Field request, Utf8JsonWriter json, DroppedFields dropped)
    {
        var top = request["top_logprobs"];
        var wanted = top.IsPresent && top.Integer() > 0;
        var include = request["include"];
        if (include.IsPresent)
        {
            include.Array();
        }

        for (var i = 0; i < include.Count; i++)
        {
            switch (include[i].Text())
            {
                case "message.output_text.logprobs":
                    wanted = true;
                    break;
                case "reasoning.encrypted_content":
                    // What reasoning there is to keep is always in the answer.
                    break;
                default:
                    dropped.Add("include");
                    break;
            }
        }

        if (wanted)
        {
            json.WriteBoolean("logprobs"u8, true);
            if (top.IsPresent)
            {
                json.WriteNumber("top_logprobs"u8, top.Integer());
            }
        }
    }

    private static void NoteTheRest(Field request, DroppedFields dropped)
    {
        foreach (var member in request.Value.EnumerateObject())
        {
            var isNeutral = member.Value.ValueKind switch
            {
                JsonValueKind.Null or JsonValueKind.False => true,
                JsonValueKind.Array => member.Value.GetArrayLength() == 0,
                JsonValueKind.String => member.Name == "truncation" && member.Value.ValueEquals("disabled"u8),
                _ => false,
            };
            if (!Carried.Contains(member.Name) && !isNeutral)
            {
                dropped.AddForeign(member.Name);
            }
        }
    }
}
