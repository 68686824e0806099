using System.Text.Json;

namespace Relay.Gateway.Dialects.Responses;

/// <summary>Writes instructions and input items as messages. Items that make up one turn of the assistant (reasoning, text, calls) become one message.</summary>
internal sealed class ResponsesInput(Field request, Utf8JsonWriter json, DroppedFields dropped)
{
    private readonly ResponsesTurn _turn = new(json, dropped);
    private readonly ResponsesResults _results = new(json, dropped);
    private readonly HashSet<string> _calls = [];
    private bool _any;

    /// <summary>Writes the elements of the messages array.</summary>
    public void Write()
    {
        if (request["instructions"] is { IsPresent: true } instructions)
        {
            WriteMessage("system"u8, instructions.String());
        }

        var input = request["input"];
        if (input.Kind == JsonValueKind.String)
        {
            WriteMessage("user"u8, input);
            return;
        }

        if (!input.IsPresent)
        {
            throw input.Refuse("is missing: a string, or an array of items.");
        }

        if (input.Kind != JsonValueKind.Array)
        {
            throw input.Wrong("a string or an array of items");
        }

        for (var i = 0; i < input.Count; i++)
        {
            WriteItem(input[i].Object());
        }

        _any |= _turn.Flush();
        _results.Flush();
        if (!_any)
        {
            throw input.Refuse("is empty. Send at least one item.");
        }
    }

    private void WriteItem(Field item)
    {
        var type = item["type"];
        var kind = type.OptionalText() ?? (item["role"].IsPresent ? "message" : throw type.Refuse("is missing: message, function_call, function_call_output or reasoning."));
        if (kind != "function_call_output")
        {
            _results.Flush();
        }

        switch (kind)
        {
            case "message":
                ReadMessage(item);
                break;
            case "function_call":
                _calls.Add(_turn.AddCall(item));
                break;
            case "function_call_output":
                WriteResult(item);
                break;
            case "reasoning":
                _turn.AddReasoning(item);
                break;
            case "item_reference":
                throw type.Refuse("refers to a stored item, and Relay stores none. Send the item itself.");
            default:
                throw type.Refuse("must be message, function_call, function_call_output or reasoning: other items belong to tools that OpenAI runs or to state that it stores, and are not carried over.");
        }
    }

    private void ReadMessage(Field item)
    {
        var role = item["role"];
        switch (role.Text())
        {
            case "assistant":
                _turn.AddText(item["content"]);
                break;
            case "user":
                WriteMessage("user"u8, item["content"]);
                break;
            case "system":
                WriteMessage("system"u8, item["content"]);
                break;
            case "developer":
                WriteMessage("developer"u8, item["content"]);
                break;
            default:
                throw role.Refuse("must be user, assistant, system or developer.");
        }
    }

    private void WriteMessage(ReadOnlySpan<byte> role, Field content)
    {
        _turn.Flush();
        _any = true;
        json.WriteStartObject();
        json.WriteString("role"u8, role);
        ResponsesParts.Write(content, "content"u8, json, dropped);
        json.WriteEndObject();
    }

    private void WriteResult(Field item)
    {
        var id = item["call_id"];
        if (!_calls.Contains(id.Text()))
        {
            throw id.Refuse("names no function_call before it in \"input\", and Relay stores none. Send the function_call item too.");
        }

        _turn.Flush();
        _results.Write(id.Text(), item["output"]);
    }
}
