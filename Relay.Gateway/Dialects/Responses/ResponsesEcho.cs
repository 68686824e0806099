using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Relay.Gateway.Dialects.Responses;

/// <summary>What a response object repeats of its request. Clients read some of it (tools, metadata), and expect the rest to be there.</summary>
/// <param name="Model">The model that was asked for.</param>
/// <param name="Members">The repeated members as JSON, without braces, with a leading comma.</param>
internal sealed record ResponsesEcho(string Model, ReadOnlyMemory<byte> Members)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Of an empty request.</summary>
    public static ResponsesEcho Nothing { get; } = Of(default);

    /// <summary>Gathers it from a request that has been read.</summary>
    public static ResponsesEcho Of(Field request)
    {
        var to = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(to, Options))
        {
            json.WriteStartObject();
            Copy(request, "instructions", "null"u8, json);
            Copy(request, "max_output_tokens", "null"u8, json);
            json.WriteNull("max_tool_calls"u8);
            Copy(request, "metadata", "{}"u8, json);
            Copy(request, "parallel_tool_calls", "true"u8, json);
            json.WriteNull("previous_response_id"u8);
            Copy(request, "prompt_cache_key", "null"u8, json);
            WriteReasoning(request["reasoning"], json);
            Copy(request, "safety_identifier", "null"u8, json);
            Copy(request, "service_tier", "\"auto\""u8, json);

            // The truth, whatever was asked for.
            json.WriteBoolean("store"u8, false);
            Copy(request, "temperature", "null"u8, json);
            WriteText(request["text"], json);
            Copy(request, "tool_choice", "\"auto\""u8, json);
            Copy(request, "tools", "[]"u8, json);
            Copy(request, "top_logprobs", "0"u8, json);
            Copy(request, "top_p", "null"u8, json);
            json.WriteString("truncation"u8, "disabled"u8);
            Copy(request, "user", "null"u8, json);
            json.WriteEndObject();
        }

        var members = to.WrittenMemory[..^1].ToArray();
        members[0] = (byte)',';
        return new(request["model"] is { Kind: JsonValueKind.String } model ? model.Text() : "", members);
    }

    private static void Copy(Field request, string name, ReadOnlySpan<byte> otherwise, Utf8JsonWriter json)
    {
        var field = request[name];
        json.WritePropertyName(name);
        json.WriteRawValue(field.IsPresent ? field.Raw : otherwise, skipInputValidation: true);
    }

    private static void WriteReasoning(Field reasoning, Utf8JsonWriter json)
    {
        json.WriteStartObject("reasoning"u8);
        Copy(reasoning, "effort", "null"u8, json);
        Copy(reasoning, "summary", "null"u8, json);
        json.WriteEndObject();
    }

    private static void WriteText(Field text, Utf8JsonWriter json)
    {
        json.WriteStartObject("text"u8);
        Copy(text, "format", """{"type":"text"}"""u8, json);
        Copy(text, "verbosity", "\"medium\""u8, json);
        json.WriteEndObject();
    }
}
