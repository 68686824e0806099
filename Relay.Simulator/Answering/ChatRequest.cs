using System.Text.Json;

namespace Relay.Simulator;

/// <summary>A chat request, as far as a simulated model looks at it. Unknown fields are accepted.</summary>
internal sealed record ChatRequest(string Model, Conversation Conversation)
{
    private const int MaxChoices = 128;

    public bool Stream { get; private init; }

    public bool IncludeUsage { get; private init; }

    public int? MaxTokens { get; private init; }

    public int Choices { get; private init; } = 1;

    public bool ReasoningEffort { get; private init; }

    /// <summary>The tool that must be called, with its parameters' schema.</summary>
    public RequestedTool? Tool { get; private init; }

    /// <summary>The schema of a JSON answer; an undefined element where any JSON object will do.</summary>
    public JsonElement? JsonSchema { get; private init; }

    public int PromptTokens => Conversation.Words;

    /// <exception cref="ApiErrorException">The request is wrong.</exception>
    public static ChatRequest Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new ApiErrorException(ApiError.BadJson);
        }

        var model = root.RequiredModel();
        var conversation = Conversation.Of(root);
        var stream = root.OptionalBool("stream");
        var streamOptions = root.Optional("stream_options");
        if (streamOptions is not null && !stream)
        {
            throw new ApiErrorException(ApiError.Invalid("The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options", null));
        }

        if (streamOptions is { ValueKind: not JsonValueKind.Object })
        {
            throw new ApiErrorException(ApiError.WrongType("stream_options", "an object"));
        }

        return new ChatRequest(model, conversation)
        {
            Stream = stream,
            IncludeUsage = streamOptions?.OptionalBool("include_usage") ?? false,
            MaxTokens = root.OptionalInt("max_completion_tokens", 1, int.MaxValue) ?? root.OptionalInt("max_tokens", 1, int.MaxValue),
            Choices = root.OptionalInt("n", 1, MaxChoices) ?? 1,
            ReasoningEffort = root.OptionalString("reasoning_effort") is not (null or "none"),
            Tool = RequestedTool.Of(root, conversation),
            JsonSchema = ReadFormat(root),
        };
    }

    private static JsonElement? ReadFormat(JsonElement root)
    {
        if (root.Optional("response_format") is not { } format)
        {
            return null;
        }

        if (format.ValueKind != JsonValueKind.Object)
        {
            throw new ApiErrorException(ApiError.WrongType("response_format", "an object"));
        }

        return format.OptionalString("type") switch
        {
            "json_object" => default(JsonElement),
            "json_schema" => format.Optional("json_schema") is { ValueKind: JsonValueKind.Object } named && named.Optional("schema") is { } schema ? schema : default,
            _ => null,
        };
    }
}

/// <summary>The tool a request leads to: asked for by tool_choice, or by the word "tool" in the last user message.</summary>
internal sealed record RequestedTool(string Name, JsonElement Parameters)
{
    public static RequestedTool? Of(JsonElement root, Conversation conversation)
    {
        if (root.Optional("tools") is not { ValueKind: JsonValueKind.Array } tools || tools.GetArrayLength() == 0)
        {
            return null;
        }

        string? named = null;
        var required = false;
        if (root.Optional("tool_choice") is { } choice)
        {
            if (choice.ValueKind == JsonValueKind.Object)
            {
                named = choice.Optional("function") is { ValueKind: JsonValueKind.Object } function ? function.OptionalString("name") : null;
            }
            else if (choice.ValueKind == JsonValueKind.String && choice.ValueEquals("none"u8))
            {
                return null;
            }

            required = named is not null || (choice.ValueKind == JsonValueKind.String && choice.ValueEquals("required"u8));
        }

        // After a tool's result the model speaks, or an agent would call for ever.
        var wanted = required || (conversation.LastRole != "tool" && conversation.LastUser.Contains("tool", StringComparison.OrdinalIgnoreCase));
        return wanted ? Find(tools, named) : null;
    }

    private static RequestedTool? Find(JsonElement tools, string? named)
    {
        foreach (var tool in tools.EnumerateArray())
        {
            if (tool.ValueKind == JsonValueKind.Object && tool.Optional("function") is { ValueKind: JsonValueKind.Object } function
                && function.OptionalString("name") is { } name && (named is null || named == name))
            {
                return new RequestedTool(name, function.Optional("parameters") ?? default);
            }
        }

        return named is null ? null : throw new ApiErrorException(ApiError.Invalid($"Tool choice '{named}' not found in 'tools' parameter.", "tool_choice", null));
    }
}
