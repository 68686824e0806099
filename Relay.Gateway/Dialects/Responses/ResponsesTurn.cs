using System.Text.Json;

namespace Relay.Gateway.Dialects.Responses;

/// <summary>Gathers the items of one turn of the assistant, and writes them as one message when something else follows.</summary>
internal sealed class ResponsesTurn(Utf8JsonWriter json, DroppedFields dropped)
{
    private readonly List<Field> _texts = [];
    private readonly List<Field> _calls = [];
    private readonly List<JsonElement> _seals = [];

    /// <summary>Adds a message of the assistant: a string, or parts of type output_text and refusal.</summary>
    public void AddText(Field content)
    {
        if (_texts.Count > 0 && _calls.Count == 0)
        {
            // Two messages in a row are two messages; behind calls there can be none, as their results must follow.
            Flush();
        }

        if (content.Kind == JsonValueKind.String)
        {
            _texts.Add(content);
            return;
        }

        if (content.Kind != JsonValueKind.Array)
        {
            throw content.Wrong("a string or an array of parts");
        }

        for (var i = 0; i < content.Count; i++)
        {
            var type = content[i].Object()["type"];
            _texts.Add(type.Text() switch
            {
                "output_text" or "input_text" or "text" => Checked(content[i], "text"),
                "refusal" => Checked(content[i], "refusal"),
                _ => throw type.Refuse("must be output_text or refusal in a message of the assistant."),
            });
        }
    }

    /// <summary>Adds a function_call; returns its call_id.</summary>
    public string AddCall(Field item)
    {
        item["name"].String();
        item["arguments"].String();
        _calls.Add(item);
        return item["call_id"].Text();
    }

    /// <summary>Adds a reasoning item. What Relay has sealed into it goes back to who it is from; anything else, also what OpenAI has encrypted, only OpenAI's own Responses API could read.</summary>
    public void AddReasoning(Field item)
    {
        if (ResponsesSeal.Open(item["encrypted_content"]) is { } opened)
        {
            _seals.Add(opened);
        }
        else if (item["encrypted_content"].IsPresent || item["summary"].Count > 0 || item["content"].Count > 0)
        {
            dropped.Add("input.reasoning");
        }
    }

    /// <summary>Writes the message; false when there is none.</summary>
    public bool Flush()
    {
        if (_texts.Count == 0 && _calls.Count == 0)
        {
            // Reasoning that nothing came of.
            _seals.Clear();
            return false;
        }

        json.WriteStartObject();
        json.WriteString("role"u8, "assistant"u8);
        WriteContent();
        WriteCalls();
        WriteThinking();
        WriteExtra();
        json.WriteEndObject();
        _texts.Clear();
        _calls.Clear();
        _seals.Clear();
        return true;
    }

    private static Field Checked(Field part, string name)
    {
        part[name].String();
        return part;
    }

    private void WriteContent()
    {
        if (_texts.Count == 0)
        {
            json.WriteNull("content"u8);
            return;
        }

        var only = _texts.Count == 1 ? _texts[0] : default;
        if (only.Kind == JsonValueKind.String || (only.Kind == JsonValueKind.Object && only["text"].IsPresent))
        {
            (only.Kind == JsonValueKind.String ? only : only["text"]).CopyTo(json, "content"u8);
            return;
        }

        json.WriteStartArray("content"u8);
        foreach (var text in _texts)
        {
            json.WriteStartObject();
            if (text.Kind == JsonValueKind.Object && !text["text"].IsPresent)
            {
                json.WriteString("type"u8, "refusal"u8);
                text["refusal"].CopyTo(json, "refusal"u8);
            }
            else
            {
                json.WriteString("type"u8, "text"u8);
                (text.Kind == JsonValueKind.String ? text : text["text"]).CopyTo(json, "text"u8);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteCalls()
    {
        if (_calls.Count == 0)
        {
            return;
        }

        json.WriteStartArray("tool_calls"u8);
        foreach (var call in _calls)
        {
            json.WriteStartObject();
            call["call_id"].CopyTo(json, "id"u8);
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            call["name"].CopyTo(json, "name"u8);
            call["arguments"].CopyTo(json, "arguments"u8);
            json.WriteEndObject();
            foreach (var opened in _seals)
            {
                var calls = new Field(opened, default)["calls"];
                if (calls[call["call_id"].Text()] is { Kind: JsonValueKind.Object } extra)
                {
                    extra.CopyTo(json, "extra_content"u8);
                    break;
                }
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteThinking()
    {
        var any = false;
        foreach (var opened in _seals)
        {
            var blocks = new Field(opened, default)["thinking_blocks"];
            for (var i = 0; i < blocks.Count; i++)
            {
                if (!any)
                {
                    json.WriteStartArray("thinking_blocks"u8);
                    any = true;
                }

                json.WriteRawValue(blocks[i].Raw, skipInputValidation: true);
            }
        }

        if (any)
        {
            json.WriteEndArray();
        }
    }

    private void WriteExtra()
    {
        foreach (var opened in _seals)
        {
            if (new Field(opened, default)["message"] is { Kind: JsonValueKind.Object } extra)
            {
                extra.CopyTo(json, "extra_content"u8);
                return;
            }
        }
    }
}
