using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Relay.Gateway.Dialects.OpenAi;
using Relay.V1;

namespace Relay.Gateway.Endpoints.Grpc;

/// <summary>Reads the chat.completion.chunk objects of one stream as typed chunks.</summary>
internal sealed class ChatChunkReader
{
    /// <summary>First halves of surrogate pairs whose second ones come with the next piece, by answer and field.</summary>
    private Dictionary<(int Index, char Field), char>? _halves;

    /// <summary>Reads one; any JSON.</summary>
    public ChatChunk Read(ReadOnlySpan<byte> data)
    {
        var chunk = new ChatChunk();
        var fields = new AnswerFields();
        var json = new Utf8JsonReader(data, AnswerFields.Reading);
        if (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (json.TextIs("choices"u8))
                {
                    json.Read();
                    ReadChoices(ref json, data, chunk);
                }
                else
                {
                    fields.Take(ref json, data);
                }
            }
        }

        (chunk.Id, chunk.Model, chunk.Created, chunk.Extra) = (fields.Id, fields.Model, fields.Created, fields.Extra);
        return chunk;
    }

    private void ReadChoices(ref Utf8JsonReader json, ReadOnlySpan<byte> data, ChatChunk chunk)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType == JsonTokenType.StartObject)
            {
                chunk.Choices.Add(ReadChoice(ref json, data));
            }
            else
            {
                json.Skip();
            }
        }
    }

    private ChoiceDelta ReadChoice(ref Utf8JsonReader json, ReadOnlySpan<byte> data)
    {
        var choice = new ChoiceDelta();
        Struct? extra = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.TextIs("index"u8))
            {
                choice.Index = AnswerFields.ReadIndex(ref json, 0);
            }
            else if (json.TextIs("finish_reason"u8))
            {
                choice.FinishReason = AnswerFields.ReadText(ref json);
            }
            else if (json.TextIs("delta"u8) || json.TextIs("message"u8))
            {
                json.Read();
                ReadDelta(ref json, data, choice, ref extra);
            }
            else
            {
                JsonStruct.Keep(ref json, data, ref extra);
            }
        }

        choice.Extra = extra;
        if (_halves is not null || JsonTexts.HasSurrogates(choice.Text) || JsonTexts.HasSurrogates(choice.Reasoning))
        {
            Join(choice);
        }

        return choice;
    }

    private static void ReadDelta(ref Utf8JsonReader json, ReadOnlySpan<byte> data, ChoiceDelta choice, ref Struct? extra)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonTexts.Read(ref json);
            json.Read();
            var isText = json.TokenType == JsonTokenType.String;
            switch (name)
            {
                case "role" when isText:
                    choice.Role = AnswerFields.RoleOf(JsonTexts.Read(ref json));
                    break;
                case "content" when isText:
                    choice.Text = JsonTexts.ReadRaw(ref json);
                    break;
                case "reasoning_content" or "reasoning" when isText:
                    // Servers that send both names send the same text in each.
                    choice.Reasoning = JsonTexts.ReadRaw(ref json);
                    break;
                case "refusal" when isText:
                    choice.Refusal = JsonTexts.Read(ref json);
                    break;
                case "tool_calls" when json.TokenType == JsonTokenType.StartArray:
                    ReadCalls(ref json, data, choice);
                    break;
                default:
                    JsonStruct.KeepValue(ref json, data, name, ref extra);
                    break;
            }
        }
    }

    private static void ReadCalls(ref Utf8JsonReader json, ReadOnlySpan<byte> data, ChoiceDelta choice)
    {
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject)
            {
                json.Skip();
                continue;
            }

            var call = CallFields.Read(ref json, data, choice.ToolCalls.Count);
            choice.ToolCalls.Add(new ToolCallDelta { Index = call.Index, Id = call.Id, Name = call.Name, Arguments = call.Arguments, Extra = call.Extra });
        }
    }

    private void Join(ChoiceDelta choice)
    {
        choice.Text = Join(choice.Text, (choice.Index, 't'));
        choice.Reasoning = Join(choice.Reasoning, (choice.Index, 'r'));
    }

    private string Join(string text, (int Index, char Field) place)
    {
        if (text.Length == 0)
        {
            return text;
        }

        if (_halves?.Remove(place, out var first) == true)
        {
            text = first + text;
        }

        if (char.IsHighSurrogate(text[^1]))
        {
            (_halves ??= [])[place] = text[^1];
            text = text[..^1];
        }

        return JsonTexts.Whole(text);
    }
}
