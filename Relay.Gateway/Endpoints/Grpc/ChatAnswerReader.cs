using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Relay.Gateway.Dialects.OpenAi;
using Relay.V1;

namespace Relay.Gateway.Endpoints.Grpc;

/// <summary>Reads a chat.completion object as a typed answer. What has no place in it goes to <c>extra</c>; nothing is lost but null.</summary>
internal static class ChatAnswerReader
{
    /// <summary>Reads a valid JSON object.</summary>
    public static ChatResponse Read(ReadOnlySpan<byte> data)
    {
        var answer = new ChatResponse();
        var fields = new AnswerFields();
        var json = new Utf8JsonReader(data, AnswerFields.Reading);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.TextIs("choices"u8))
            {
                json.Read();
                ReadChoices(ref json, data, answer);
            }
            else
            {
                fields.Take(ref json, data);
            }
        }

        (answer.Id, answer.Model, answer.Created, answer.Extra) = (fields.Id, fields.Model, fields.Created, fields.Extra);
        return answer;
    }

    private static void ReadChoices(ref Utf8JsonReader json, ReadOnlySpan<byte> data, ChatResponse answer)
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
                answer.Choices.Add(ReadChoice(ref json, data, answer.Choices.Count));
            }
            else
            {
                json.Skip();
            }
        }
    }

    private static Choice ReadChoice(ref Utf8JsonReader json, ReadOnlySpan<byte> data, int position)
    {
        var choice = new Choice { Index = position };
        Struct? extra = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.TextIs("index"u8))
            {
                choice.Index = AnswerFields.ReadIndex(ref json, position);
            }
            else if (json.TextIs("finish_reason"u8))
            {
                choice.FinishReason = AnswerFields.ReadText(ref json);
            }
            else if (json.TextIs("message"u8))
            {
                json.Read();
                choice.Message = ReadMessage(ref json, data);
            }
            else
            {
                JsonStruct.Keep(ref json, data, ref extra);
            }
        }

        choice.Extra = extra;
        return choice;
    }

    private static Message? ReadMessage(ref Utf8JsonReader json, ReadOnlySpan<byte> data)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return null;
        }

        var message = new Message();
        Struct? extra = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            ReadMember(ref json, data, message, ref extra);
        }

        message.Extra = extra;
        return message;
    }

    private static void ReadMember(ref Utf8JsonReader json, ReadOnlySpan<byte> data, Message message, ref Struct? extra)
    {
        var name = JsonTexts.Read(ref json);
        json.Read();
        var isText = json.TokenType == JsonTokenType.String;
        switch (name)
        {
            case "role" when isText:
                message.Role = AnswerFields.RoleOf(JsonTexts.Read(ref json));
                break;
            case "content" when isText:
                message.Text = JsonTexts.Read(ref json);
                break;
            case "content" when json.TokenType == JsonTokenType.StartArray:
                ReadParts(ref json, data, message);
                break;
            case "refusal" when isText:
                message.Refusal = JsonTexts.Read(ref json);
                break;
            case "reasoning_content" or "reasoning" when isText:
                // Servers that send both names send the same text in each.
                message.Reasoning = JsonTexts.Read(ref json);
                break;
            case "name" when isText:
                message.Name = JsonTexts.Read(ref json);
                break;
            case "tool_call_id" when isText:
                message.ToolCallId = JsonTexts.Read(ref json);
                break;
            case "tool_calls" when json.TokenType == JsonTokenType.StartArray:
                ReadCalls(ref json, data, message);
                break;
            default:
                JsonStruct.KeepValue(ref json, data, name, ref extra);
                break;
        }
    }

    private static void ReadParts(ref Utf8JsonReader json, ReadOnlySpan<byte> data, Message message)
    {
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject)
            {
                json.Skip();
                continue;
            }

            var part = JsonStruct.ReadObject(ref json, data, depth: 1);
            var isText = part.Fields.Count == 2
                && part.Fields.TryGetValue("type", out var type) && type.StringValue == "text"
                && part.Fields.TryGetValue("text", out var text) && text.HasStringValue;
            message.Content.Add(isText ? new ContentPart { Text = part.Fields["text"].StringValue } : new ContentPart { Other = part });
        }
    }

    private static void ReadCalls(ref Utf8JsonReader json, ReadOnlySpan<byte> data, Message message)
    {
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject)
            {
                json.Skip();
                continue;
            }

            var call = CallFields.Read(ref json, data, message.ToolCalls.Count);
            message.ToolCalls.Add(new ToolCall { Id = call.Id, Name = call.Name, Arguments = call.Arguments, Extra = call.Extra });
        }
    }
}
