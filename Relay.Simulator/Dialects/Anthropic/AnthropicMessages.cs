using System.Text;
using System.Text.Json;

namespace Relay.Simulator;

/// <summary>Reads system and messages of a Messages request, with the real API's rules for blocks, tool results and prefills.</summary>
internal static class AnthropicMessages
{
    public static Conversation Read(RequestFields fields, string version, bool thinks)
    {
        var messages = fields.Array("messages") ?? throw new ApiErrorException(AnthropicErrors.Instance.Missing("messages"));
        if (messages.GetArrayLength() == 0)
        {
            throw AnthropicRequest.Invalid("messages: at least one message is required");
        }

        var conversation = default(ConversationBuilder);
        ReadSystem(fields, ref conversation);
        var pairs = new ToolPairs();
        var count = messages.GetArrayLength();
        for (var i = 0; i < count; i++)
        {
            var message = ReadMessage(fields, messages[i], i, last: i == count - 1, pairs, strict: version == AnthropicVersion.WithoutSampling);
            if (i == count - 1 && message.Role == ConversationRole.Assistant)
            {
                CheckPrefill(message, i, thinks);
            }

            message.AddTo(ref conversation);
        }

        pairs.End();
        return conversation.Build();
    }

    private static void ReadSystem(RequestFields fields, ref ConversationBuilder conversation)
    {
        switch (fields.Optional("system"))
        {
            case null:
                break;
            case { ValueKind: JsonValueKind.String } text:
                conversation.Add(ConversationRole.System, text.GetString()!);
                break;
            case { ValueKind: JsonValueKind.Array } blocks:
                conversation.Add(ConversationRole.System, string.Concat(blocks.EnumerateArray().Select((block, i) => SystemText(fields, block, i))));
                break;
            default:
                throw new ApiErrorException(AnthropicErrors.Instance.WrongType("system", JsonKind.StringOrArray));
        }
    }

    private static string SystemText(RequestFields fields, JsonElement block, int index)
    {
        var path = $"system.{index}";
        var one = block.ValueKind == JsonValueKind.Object ? fields with { Json = block, Path = path + "." } : throw new ApiErrorException(AnthropicErrors.Instance.WrongType(path, JsonKind.Object));
        return one.Required("type") == "text" ? one.Required("text") : throw AnthropicRequest.Invalid($"{path}.type: Input should be 'text'");
    }

    private static Message ReadMessage(RequestFields fields, JsonElement json, int index, bool last, ToolPairs pairs, bool strict)
    {
        var path = $"messages.{index}";
        var message = json.ValueKind == JsonValueKind.Object ? fields with { Json = json, Path = path + "." } : throw new ApiErrorException(AnthropicErrors.Instance.WrongType(path, JsonKind.Object));
        var role = message.Required("role") switch
        {
            "user" => ConversationRole.User,
            "assistant" => ConversationRole.Assistant,
            "system" when index > 0 => ConversationRole.System,
            "system" => throw AnthropicRequest.Invalid("messages: Unexpected role \"system\". The Messages API accepts a top-level `system` parameter, not \"system\" as an input message role."),
            _ => throw AnthropicRequest.Invalid($"{path}.role: Input should be 'user' or 'assistant'"),
        };
        var read = new Message(role, strict);
        if (role != ConversationRole.System)
        {
            pairs.Turn(role, index);
        }

        switch (message.Optional("content"))
        {
            case null:
                throw new ApiErrorException(AnthropicErrors.Instance.Missing($"{path}.content"));
            case { ValueKind: JsonValueKind.String } text:
                read.Text.Append(text.GetString());
                break;
            case { ValueKind: JsonValueKind.Array } blocks:
                ReadBlocks(message, blocks, read, pairs);
                break;
            default:
                throw new ApiErrorException(AnthropicErrors.Instance.WrongType($"{path}.content", JsonKind.StringOrArray));
        }

        return !read.IsEmpty || (last && role == ConversationRole.Assistant)
            ? read
            : throw AnthropicRequest.Invalid($"{path}: {(role == ConversationRole.User ? "user messages must have non-empty content" : "all messages must have non-empty content except for the optional final assistant message")}");
    }

    private static void ReadBlocks(RequestFields message, JsonElement blocks, Message read, ToolPairs pairs)
    {
        var index = 0;
        foreach (var block in blocks.EnumerateArray())
        {
            var path = $"{message.Path}content.{index++}";
            var one = block.ValueKind == JsonValueKind.Object ? message with { Json = block, Path = path + "." } : throw new ApiErrorException(AnthropicErrors.Instance.WrongType(path, JsonKind.Object));
            var type = one.Required("type");
            read.FirstBlock ??= type;
            read.Blocks++;
            AnthropicBlocks.Read(one, type, read, pairs);
        }
    }

    private static void CheckPrefill(Message message, int index, bool thinks)
    {
        var text = message.Text;
        if (text.Length > 0 && char.IsWhiteSpace(text[^1]))
        {
            throw AnthropicRequest.Invalid("messages: final assistant content cannot end with trailing whitespace");
        }

        if (thinks && message.FirstBlock is not ("thinking" or "redacted_thinking"))
        {
            throw AnthropicRequest.Invalid($"messages.{index}.content.0.type: Expected `thinking` or `redacted_thinking`, but found `{message.FirstBlock ?? "text"}`. When `thinking` is enabled, a final `assistant` message must start with a thinking block.");
        }
    }

    /// <summary>What a message says. Tool results of a user's message count as the tool's, before what the user says.</summary>
    internal sealed class Message(ConversationRole role, bool strict)
    {
        public ConversationRole Role => role;

        /// <summary>The rules of the version without sampling options.</summary>
        public bool Strict => strict;

        public StringBuilder Text { get; } = new();

        public StringBuilder Results { get; } = new();

        public string? FirstBlock { get; set; }

        public int Blocks { get; set; }

        public bool HasResults { get; set; }

        /// <summary>Something other than tool results.</summary>
        public bool HasOthers { get; set; }

        public bool IsEmpty => Blocks == 0 && Text.Length == 0;

        public void AddTo(ref ConversationBuilder conversation)
        {
            if (HasResults)
            {
                conversation.Add(ConversationRole.Tool, Results.ToString());
            }

            if (!HasResults || HasOthers)
            {
                conversation.Add(role, Text.ToString());
            }
        }
    }
}
