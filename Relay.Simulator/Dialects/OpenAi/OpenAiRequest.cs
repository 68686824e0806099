using System.Text.Json;

namespace Relay.Simulator;

/// <summary>Reads a chat completions request. Unknown fields are accepted.</summary>
internal static class OpenAiRequest
{
    private const int MaxChoices = 128;

    public static ChatRequest Read(JsonElement root, OpenAiErrors errors, string? deployment)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new ApiErrorException(errors.BadJson);
        }

        var fields = new RequestFields(root, errors);
        var model = ModelOf(fields, deployment);
        var conversation = ReadMessages(fields, errors);
        var stream = fields.Bool("stream");
        var streamOptions = fields.Object("stream_options");
        if (streamOptions is not null && !stream)
        {
            throw new ApiErrorException(errors.Wrong("The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options", null));
        }

        return new ChatRequest(model, conversation)
        {
            Stream = stream,
            IncludeUsage = streamOptions?.Bool("include_usage") ?? false,
            MaxTokens = fields.Int("max_completion_tokens", 1, int.MaxValue) ?? fields.Int("max_tokens", 1, int.MaxValue),
            Choices = fields.Int("n", 1, MaxChoices) ?? 1,
            Thoughts = fields.String("reasoning_effort") is null or "none" ? Thoughts.None : Thoughts.Hidden,
            Tools = ReadTools(fields, errors).Called(conversation),
            JsonSchema = ReadFormat(fields),
            StopSequences = ReadStop(fields),
        };
    }

    /// <summary>The model's name, from the path or else from the body.</summary>
    public static string ModelOf(RequestFields fields, string? deployment) =>
        deployment ?? (fields.String("model") is { Length: > 0 } model ? model : throw new ApiErrorException(fields.Errors.Missing("model")));

    private static Conversation ReadMessages(RequestFields fields, OpenAiErrors errors)
    {
        var messages = fields.Array("messages") ?? throw new ApiErrorException(errors.Missing("messages"));
        if (messages.GetArrayLength() == 0)
        {
            throw new ApiErrorException(errors.Wrong("Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.", "messages", "empty_array"));
        }

        var conversation = default(ConversationBuilder);
        foreach (var message in messages.EnumerateArray())
        {
            if (message.ValueKind != JsonValueKind.Object)
            {
                throw new ApiErrorException(errors.WrongType("messages", JsonKind.Array));
            }

            var parts = new RequestFields(message, errors);
            var role = parts.String("role") ?? throw new ApiErrorException(errors.Missing("messages[].role"));
            conversation.Add(RoleOf(role), parts.Optional("content") is { } content ? TextOf(content, errors) : "");
        }

        return conversation.Build();
    }

    private static ConversationRole RoleOf(string role) => role switch
    {
        "user" => ConversationRole.User,
        "assistant" => ConversationRole.Assistant,
        "tool" => ConversationRole.Tool,
        _ => ConversationRole.System,
    };

    private static string TextOf(JsonElement content, OpenAiErrors errors) => content.ValueKind switch
    {
        JsonValueKind.String => content.GetString()!,
        JsonValueKind.Array => string.Concat(content.EnumerateArray().Select(PartText)),
        _ => throw new ApiErrorException(errors.WrongType("messages[].content", JsonKind.StringOrArray)),
    };

    private static string PartText(JsonElement part) =>
        part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text"u8, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";

    private static JsonElement? ReadFormat(RequestFields fields)
    {
        if (fields.Object("response_format") is not { } format)
        {
            return null;
        }

        return format.String("type") switch
        {
            "json_object" => default(JsonElement),
            "json_schema" => format.Object("json_schema")?.Optional("schema") ?? default(JsonElement),
            _ => null,
        };
    }

    private static string[] ReadStop(RequestFields fields) =>
        fields.Optional("stop") is { ValueKind: JsonValueKind.String } one ? [one.GetString()!] : fields.Strings("stop");

    private static ToolChoice ReadTools(RequestFields fields, OpenAiErrors errors)
    {
        if (fields.Optional("tools") is not { ValueKind: JsonValueKind.Array } tools || tools.GetArrayLength() == 0)
        {
            return new ToolChoice([], Required: false);
        }

        string? named = null;
        var required = false;
        if (fields.Optional("tool_choice") is { } choice)
        {
            if (choice.ValueKind == JsonValueKind.Object)
            {
                named = new RequestFields(choice, errors).Object("function")?.String("name");
            }
            else if (choice.ValueKind == JsonValueKind.String && choice.ValueEquals("none"u8))
            {
                return new ToolChoice([], Required: false);
            }

            required = named is not null || (choice.ValueKind == JsonValueKind.String && choice.ValueEquals("required"u8));
        }

        var offered = Offered(tools, errors).Where(t => named is null || t.Name == named).ToArray();
        return offered.Length == 0 && named is not null
            ? throw new ApiErrorException(errors.Wrong($"Tool choice '{named}' not found in 'tools' parameter.", "tool_choice", null))
            : new ToolChoice(offered, required, fields.OptionalBool("parallel_tool_calls") ?? true);
    }

    private static IEnumerable<RequestedTool> Offered(JsonElement tools, OpenAiErrors errors)
    {
        foreach (var tool in tools.EnumerateArray())
        {
            if (tool.ValueKind == JsonValueKind.Object && new RequestFields(tool, errors).Object("function") is { } function && function.String("name") is { } name)
            {
                yield return new RequestedTool(name, function.Optional("parameters") ?? default);
            }
        }
    }
}
