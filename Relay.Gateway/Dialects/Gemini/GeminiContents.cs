using System.Text.Json;

namespace Relay.Gateway.Dialects.Gemini;

/// <summary>
/// Writes systemInstruction and contents (https://ai.google.dev/api/caching#Content). System and developer messages are gathered in
/// front, consecutive messages of one side become one content, and the results of tools one content of their own.
/// </summary>
internal sealed class GeminiContents(Field chat, Utf8JsonWriter json, DroppedFields dropped, GeminiModel model)
{
    /// <summary>Stands for the user's turn where there is none: Gemini wants one.</summary>
    private static ReadOnlySpan<byte> NoMessage => "(no message)"u8;

    private readonly GeminiParts _parts = new(json, dropped);
    private readonly Dictionary<string, string> _calls = [];
    private Side _open;

    private enum Side
    {
        None,
        User,
        Tool,
        Model,
    }

    /// <summary>Writes both members.</summary>
    public void Write()
    {
        var messages = chat["messages"].Array();
        var hasSystem = WriteSystem(messages);
        var turn = CurrentTurn(messages);
        json.WriteStartArray("contents"u8);
        for (var i = 0; i < messages.Count; i++)
        {
            WriteMessage(messages[i], isCurrent: i >= turn);
        }

        if (_open == Side.None && !hasSystem)
        {
            throw messages.Refuse("holds no content. Send at least one message with text.");
        }

        if (_open == Side.None)
        {
            Open(Side.User);
            json.WriteStartObject();
            json.WriteString("text"u8, NoMessage);
            json.WriteEndObject();
        }

        Close();
        json.WriteEndArray();
    }

    private bool WriteSystem(Field messages)
    {
        var any = false;
        for (var i = 0; i < messages.Count; i++)
        {
            var message = messages[i].Object();
            if (message["role"].Text() is not ("system" or "developer"))
            {
                continue;
            }

            var content = message["content"];
            if (!GeminiParts.SaysSomething(content))
            {
                continue;
            }

            if (!any)
            {
                json.WriteStartObject("systemInstruction"u8);
                json.WriteStartArray("parts"u8);
                any = true;
            }

            _parts.WriteTexts(content);
        }

        if (any)
        {
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return any;
    }

    /// <summary>Where the turn starts that the model is to go on with: behind the last message of the user. Its signatures are checked, older ones are not.</summary>
    private static int CurrentTurn(Field messages)
    {
        for (var i = messages.Count - 1; i >= 0; i--)
        {
            if (messages[i]["role"].Text() == "user")
            {
                return i;
            }
        }

        return 0;
    }

    private void WriteMessage(Field message, bool isCurrent)
    {
        if (message["name"].IsPresent && message["role"].Text() is not ("function" or "tool"))
        {
            dropped.Add("messages.name");
        }

        switch (message["role"].Text())
        {
            case "system" or "developer":
                break;
            case "user":
                WriteUser(message["content"]);
                break;
            case "assistant":
                WriteAssistant(message, isCurrent);
                break;
            case "tool" or "function":
                WriteResult(message);
                break;
            default:
                throw message["role"].Refuse("must be system, developer, user, assistant or tool.");
        }
    }

    private void WriteUser(Field content)
    {
        if (!content.IsPresent)
        {
            throw content.Wrong("a string or an array of parts");
        }

        if (GeminiParts.SaysSomething(content))
        {
            Open(Side.User);
            _parts.Write(content);
        }
    }

    private void WriteAssistant(Field message, bool isCurrent)
    {
        NoteReasoning(message);
        var signature = GeminiSignature.Find(message.Value);
        var content = message["content"] is { } said && GeminiParts.SaysSomething(said) ? said : message["refusal"];
        if (GeminiParts.SaysSomething(content) || signature.ValueKind != JsonValueKind.Undefined)
        {
            Open(Side.Model);
            _parts.WriteSigned(content, signature);
        }

        var calls = message["tool_calls"];
        if (calls.IsPresent)
        {
            calls.Array();
        }

        for (var i = 0; i < calls.Count; i++)
        {
            var type = calls[i].Object()["type"];
            if (type.OptionalText() is not (null or "function"))
            {
                throw type.Refuse("must be \"function\": no other calls are carried to a Gemini target.");
            }

            // One signature stands for all calls of a step, on the first of them.
            WriteCall(calls[i], calls[i]["function"].Object(), calls[i]["id"].Text(), stand: i == 0 && isCurrent && model.WantsSignatures);
        }

        if (message["function_call"] is { IsPresent: true } old)
        {
            WriteCall(old, old.Object(), null, stand: isCurrent && model.WantsSignatures);
        }
    }

    /// <summary>Reasoning goes back to Gemini as signatures alone; another model's signed thoughts mean nothing to it.</summary>
    private void NoteReasoning(Field message)
    {
        if (message["thinking_blocks"].Count > 0)
        {
            dropped.Add("messages.thinking_blocks");
        }

        if (message["reasoning_content"].IsPresent)
        {
            dropped.Add("messages.reasoning_content");
        }
    }

    private void WriteCall(Field call, Field function, string? id, bool stand)
    {
        var name = function["name"];
        if (id is not null)
        {
            _calls[id] = name.Text();
        }

        Open(Side.Model);
        json.WriteStartObject();
        json.WriteStartObject("functionCall"u8);
        if (id is not null)
        {
            json.WriteString("id"u8, id);
        }

        name.String().CopyTo(json, "name"u8);
        GeminiArguments.Write(function["arguments"], json);
        json.WriteEndObject();
        var signature = GeminiSignature.Find(call.Value);
        if (signature.ValueKind != JsonValueKind.Undefined)
        {
            new Field(signature, default).CopyTo(json, "thoughtSignature"u8);
        }
        else if (stand)
        {
            json.WriteString("thoughtSignature"u8, GeminiSignature.Skip);
        }

        json.WriteEndObject();
    }

    private void WriteResult(Field message)
    {
        var id = message["role"].Text() == "tool" ? message["tool_call_id"].Text() : null;
        var name = id is not null && _calls.TryGetValue(id, out var called) ? called : message["name"].OptionalText();
        if (name is null)
        {
            throw message["tool_call_id"].Refuse(
                "is the id of no earlier tool call, and Gemini wants the name of the function. Send the assistant message with the call too.");
        }

        Open(Side.Tool);
        json.WriteStartObject();
        json.WriteStartObject("functionResponse"u8);
        if (id is not null)
        {
            json.WriteString("id"u8, id);
        }

        json.WriteString("name"u8, name);
        _parts.WriteResult(message["content"], failed: message["is_error"].Flag() == true);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void Open(Side side)
    {
        if (_open == side)
        {
            return;
        }

        Close();
        _open = side;
        json.WriteStartObject();
        json.WriteString("role"u8, side == Side.Model ? "model"u8 : "user"u8);
        json.WriteStartArray("parts"u8);
    }

    private void Close()
    {
        if (_open != Side.None)
        {
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }
}
