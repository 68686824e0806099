using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Relay.Gateway.Dialects.OpenAi;

/// <summary>
/// Takes out of a chat request what Relay's own form has beyond OpenAI's, for providers that speak OpenAI's dialect and refuse what they do
/// not know. For requests that came in another dialect; those of OpenAI's clients go through as they came.
/// </summary>
internal static class PlainChat
{
    /// <summary>Writes the request without the extensions.</summary>
    /// <param name="chat">A chat completions request that Relay has written.</param>
    /// <param name="to">Receives it.</param>
    /// <param name="dropped">Receives the names of what was left out.</param>
    public static void Write(ReadOnlyMemory<byte> chat, IBufferWriter<byte> to, DroppedFields dropped)
    {
        using var document = JsonDocument.Parse(chat, new JsonDocumentOptions { MaxDepth = RequestScanner.MaxDepth });
        using var json = new Utf8JsonWriter(to, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartObject();
        foreach (var field in document.RootElement.EnumerateObject())
        {
            if (field.NameEquals("top_k"u8))
            {
                dropped.Add("top_k");
            }
            else if (field.NameEquals("messages"u8))
            {
                json.WriteStartArray("messages"u8);
                foreach (var message in field.Value.EnumerateArray())
                {
                    WriteMessage(json, message, dropped);
                }

                json.WriteEndArray();
            }
            else
            {
                Copy(json, field);
            }
        }

        json.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter to, JsonElement message, DroppedFields dropped)
    {
        to.WriteStartObject();
        foreach (var field in message.EnumerateObject())
        {
            if (field.NameEquals("reasoning_content"u8) || field.NameEquals("thinking_blocks"u8) || field.NameEquals("extra_content"u8))
            {
                dropped.Add("messages." + field.Name);
            }
            else if (field.NameEquals("tool_calls"u8) && field.Value.ValueKind == JsonValueKind.Array)
            {
                WriteCalls(to, field.Value, dropped);
            }
            else
            {
                Copy(to, field);
            }
        }

        to.WriteEndObject();
    }

    private static void WriteCalls(Utf8JsonWriter to, JsonElement calls, DroppedFields dropped)
    {
        to.WriteStartArray("tool_calls"u8);
        foreach (var call in calls.EnumerateArray())
        {
            to.WriteStartObject();
            foreach (var field in call.EnumerateObject())
            {
                if (field.NameEquals("extra_content"u8))
                {
                    dropped.Add("messages.tool_calls.extra_content");
                }
                else
                {
                    Copy(to, field);
                }
            }

            to.WriteEndObject();
        }

        to.WriteEndArray();
    }

    /// <summary>As it stands: strings may hold what cannot be decoded.</summary>
    private static void Copy(Utf8JsonWriter to, JsonProperty field)
    {
        to.WritePropertyName(field.Name);
        to.WriteRawValue(JsonMarshal.GetRawUtf8Value(field.Value), skipInputValidation: true);
    }
}
