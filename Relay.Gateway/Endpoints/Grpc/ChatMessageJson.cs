using System.Buffers;
using System.Buffers.Text;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Relay.Gateway.Dialects;
using Relay.Gateway.Upstream;
using Relay.V1;

namespace Relay.Gateway.Endpoints.Grpc;

/// <summary>Writes a message of a typed request.</summary>
internal static class ChatMessageJson
{
    /// <summary>Longer texts are written in pieces: the writer would otherwise reserve several times their length.</summary>
    private const int PieceLength = 4 * 1024;

    private static readonly FrozenSet<string> TakenInMessage =
        FrozenSet.Create("role", "content", "name", "tool_calls", "tool_call_id", "refusal", "reasoning_content", "reasoning");

    private static readonly FrozenSet<string> TakenInCall = FrozenSet.Create("id", "type", "function");

    /// <summary>Writes it.</summary>
    public static void Write(Utf8JsonWriter json, Message message, int index)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, NameOf(message.Role) ?? throw Refuse(index, "role", "is needed: ROLE_SYSTEM, ROLE_DEVELOPER, ROLE_USER, ROLE_ASSISTANT or ROLE_TOOL"));
        WriteContent(json, message, index);
        WriteText(json, "name"u8, message.HasName, message.Name);
        WriteCalls(json, message, index);
        if (message.Role == Role.Tool && message.ToolCallId.Length == 0)
        {
            throw Refuse(index, "tool_call_id", "is needed in a message of ROLE_TOOL: the id of the call that it is the result of");
        }

        WriteText(json, "tool_call_id"u8, message.HasToolCallId, message.ToolCallId);
        WriteText(json, "refusal"u8, message.HasRefusal, message.Refusal);
        WriteText(json, "reasoning_content"u8, message.HasReasoning, message.Reasoning);
        StructJson.WriteMembers(json, message.Extra, TakenInMessage, "messages", index);
        json.WriteEndObject();
    }

    private static string? NameOf(Role role) => role switch
    {
        Role.System => "system",
        Role.Developer => "developer",
        Role.User => "user",
        Role.Assistant => "assistant",
        Role.Tool => "tool",
        _ => null,
    };

    private static void WriteContent(Utf8JsonWriter json, Message message, int index)
    {
        if (message.Content.Count == 0)
        {
            WriteText(json, "content"u8, message.HasText, message.Text);
            return;
        }

        if (message.HasText)
        {
            throw Refuse(index, "text", "excludes content. Send the text as one of its parts");
        }

        json.WriteStartArray("content"u8);
        for (var part = 0; part < message.Content.Count; part++)
        {
            WritePart(json, message.Content[part], index, part);
        }

        json.WriteEndArray();
    }

    private static void WritePart(Utf8JsonWriter json, ContentPart part, int index, int number)
    {
        switch (part.PartCase)
        {
            case ContentPart.PartOneofCase.Text:
                json.WriteStartObject();
                json.WriteString("type"u8, "text"u8);
                WriteText(json, "text"u8, true, part.Text);
                json.WriteEndObject();
                break;
            case ContentPart.PartOneofCase.Image:
                json.WriteStartObject();
                json.WriteString("type"u8, "image_url"u8);
                json.WriteStartObject("image_url"u8);
                WriteImage(json, part.Image, index, number);
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            case ContentPart.PartOneofCase.Other:
                json.WriteStartObject();
                StructJson.WriteMembers(json, part.Other, FrozenSet<string>.Empty, "messages", index);
                json.WriteEndObject();
                break;
            default:
                throw RefusePart(index, number, "", "is empty. Set text, image or other");
        }
    }

    private static void WriteImage(Utf8JsonWriter json, Image image, int index, int number)
    {
        switch (image.SourceCase)
        {
            case Image.SourceOneofCase.Url when image.MediaType.Length == 0:
                WriteText(json, "url"u8, true, image.Url);
                break;
            case Image.SourceOneofCase.Url:
                throw RefusePart(index, number, ".image.media_type", "goes with data only. Leave it out beside url");
            case Image.SourceOneofCase.Data when image.MediaType is "image/png" or "image/jpeg" or "image/gif" or "image/webp":
                WriteData(json, image);
                break;
            case Image.SourceOneofCase.Data:
                throw RefusePart(index, number, ".image.media_type", "is needed with data: image/png, image/jpeg, image/gif or image/webp");
            default:
                throw RefusePart(index, number, ".image", "is empty. Set url or data");
        }

        WriteText(json, "detail"u8, image.HasDetail, image.Detail);
    }

    /// <summary>Nothing in a data URL needs an escape, so that it is copied as it is.</summary>
    private static void WriteData(Utf8JsonWriter json, Image image)
    {
        var head = $"\"data:{image.MediaType};base64,";
        var url = BodyArrays.Rent(head.Length + Base64.GetMaxEncodedToUtf8Length(image.Data.Length) + 1);
        try
        {
            var length = Encoding.ASCII.GetBytes(head, url);
            var status = Base64.EncodeToUtf8(image.Data.Span, url.AsSpan(length), out _, out var written);
            System.Diagnostics.Debug.Assert(status == OperationStatus.Done, "There is room for all of it.");
            length += written;
            url[length++] = (byte)'"';
            json.WritePropertyName("url"u8);
            json.WriteRawValue(url.AsSpan(0, length), skipInputValidation: true);
        }
        finally
        {
            BodyArrays.Return(url);
        }
    }

    private static void WriteCalls(Utf8JsonWriter json, Message message, int index)
    {
        if (message.ToolCalls.Count == 0)
        {
            return;
        }

        json.WriteStartArray("tool_calls"u8);
        foreach (var call in message.ToolCalls)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, call.Id);
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, call.Name);
            WriteText(json, "arguments"u8, true, call.Arguments);
            json.WriteEndObject();
            StructJson.WriteMembers(json, call.Extra, TakenInCall, "messages", index);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, bool isSet, string text)
    {
        if (!isSet)
        {
            return;
        }

        json.WritePropertyName(name);
        if (text.Length <= PieceLength)
        {
            json.WriteStringValue(text);
            return;
        }

        for (var at = 0; at < text.Length; at += PieceLength)
        {
            var length = Math.Min(PieceLength, text.Length - at);
            json.WriteStringValueSegment(text.AsSpan(at, length), isFinalSegment: at + length == text.Length);
        }
    }

    private static RefusedException Refuse(int index, string field, string why) => Refuse(string.Create(CultureInfo.InvariantCulture, $"messages[{index}].{field}"), why);

    private static RefusedException RefusePart(int index, int part, string field, string why) =>
        Refuse(string.Create(CultureInfo.InvariantCulture, $"messages[{index}].content[{part}]{field}"), why);

    private static RefusedException Refuse(string param, string why) => new(param, $"\"{param}\" {why}.");
}
