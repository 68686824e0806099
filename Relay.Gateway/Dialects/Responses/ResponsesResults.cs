using System.Buffers;
using System.Text.Json;

namespace Relay.Gateway.Dialects.Responses;

/// <summary>Writes function_call_output items as tool messages. Theirs is text alone: images and files follow in a message of the user, behind all results of the turn, since nothing may stand between those.</summary>
internal sealed class ResponsesResults(Utf8JsonWriter json, DroppedFields dropped)
{
    private readonly List<(string Call, Field Output)> _attached = [];
    private readonly ArrayBufferWriter<byte> _text = new();

    /// <summary>Writes the tool message of an item.</summary>
    /// <param name="call">Its call_id.</param>
    /// <param name="output">Its output: a string or an array of parts.</param>
    public void Write(string call, Field output)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, "tool"u8);
        json.WriteString("tool_call_id"u8, call);
        if (output.Kind == JsonValueKind.String)
        {
            output.CopyTo(json, "content"u8);
        }
        else if (output.Kind == JsonValueKind.Array)
        {
            WriteTexts(output);
            if (HasAttachments(output))
            {
                _attached.Add((call, output));
            }
        }
        else
        {
            throw output.Wrong("a string or an array of parts");
        }

        json.WriteEndObject();
    }

    /// <summary>Writes the messages with what the results before have attached.</summary>
    public void Flush()
    {
        foreach (var (call, output) in _attached)
        {
            json.WriteStartObject();
            json.WriteString("role"u8, "user"u8);
            json.WriteStartArray("content"u8);
            json.WriteStartObject();
            json.WriteString("type"u8, "text"u8);
            json.WriteString("text"u8, $"Images in the result of {call}:");
            json.WriteEndObject();
            for (var i = 0; i < output.Count; i++)
            {
                if (!IsText(output[i]))
                {
                    json.WriteStartObject();
                    ResponsesParts.WritePart(output[i], json, dropped);
                    json.WriteEndObject();
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        _attached.Clear();
    }

    /// <summary>The texts as one string, one to a line.</summary>
    private void WriteTexts(Field output)
    {
        _text.ResetWrittenCount();
        _text.Write("\""u8);
        for (var i = 0; i < output.Count; i++)
        {
            if (IsText(output[i].Object()))
            {
                _text.Write(_text.WrittenCount > 1 ? "\\n"u8 : default);
                _text.Write(output[i]["text"].String().Raw[1..^1]);
            }
        }

        _text.Write("\""u8);
        json.WritePropertyName("content"u8);
        json.WriteRawValue(_text.WrittenSpan, skipInputValidation: true);
    }

    private static bool HasAttachments(Field output)
    {
        for (var i = 0; i < output.Count; i++)
        {
            if (!IsText(output[i]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsText(Field part) => part["type"].Text() is "input_text" or "output_text" or "text";
}
