using System.Text.Json;

namespace Relay.Simulator;

/// <summary>Reads the content blocks of a message.</summary>
internal static class AnthropicBlocks
{
    private static readonly string[] ImageTypes = ["image/jpeg", "image/png", "image/gif", "image/webp"];

    // What the simulator takes for granted.
    private static readonly HashSet<string> Others =
    [
        "document", "redacted_thinking", "search_result", "server_tool_use", "web_search_tool_result", "web_fetch_tool_result", "code_execution_tool_result",
        "bash_code_execution_tool_result", "text_editor_code_execution_tool_result", "tool_search_tool_result", "mcp_tool_use", "mcp_tool_result", "container_upload",
    ];

    public static void Read(RequestFields block, string type, AnthropicMessages.Message message, ToolPairs pairs)
    {
        if (type == "tool_result")
        {
            if (message.HasOthers)
            {
                pairs.ThrowNotFirst();
            }

            message.HasResults = true;
            message.Results.Append(ResultText(block));
            pairs.Result(block.Required("tool_use_id"), block.Path.TrimEnd('.'));
            return;
        }

        message.HasOthers = true;
        switch (type)
        {
            case "document" when message is { Strict: true, Role: ConversationRole.Assistant }:
                throw AnthropicRequest.Invalid($"{block.Path.TrimEnd('.')}: `document` blocks are not permitted in `assistant` messages");
            case "text" when message is { Strict: true, Role: ConversationRole.User } && block.Array("citations") is { } citations && citations.GetArrayLength() > 0:
                throw AnthropicRequest.Invalid($"{block.Path}citations: `citations` are not permitted on `text` blocks of `user` messages");
            case "text":
                var text = block.Required("text");
                message.Text.Append(text.Length > 0 ? text : throw AnthropicRequest.Invalid("messages: text content blocks must be non-empty"));
                break;
            case "image":
                CheckImage(block);
                break;
            case "thinking":
                CheckThinking(block);
                break;
            case "tool_use":
                _ = block.Required("name");
                _ = block.Object("input") ?? throw new ApiErrorException(AnthropicErrors.Instance.Missing($"{block.Path}input"));
                pairs.Use(block.Required("id"));
                break;
            default:
                _ = Others.Contains(type) ? type
                    : throw AnthropicRequest.Invalid($"{block.Path.TrimEnd('.')}: Input tag '{type}' found using 'type' does not match any of the expected tags: 'document', 'image', 'redacted_thinking', 'search_result', 'server_tool_use', 'text', 'thinking', 'tool_result', 'tool_use', 'web_search_tool_result'");
                break;
        }
    }

    private static string ResultText(RequestFields block) => block.Optional("content") switch
    {
        null => "",
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Array } blocks => string.Concat(blocks.EnumerateArray().Select(PartText)),
        _ => throw new ApiErrorException(AnthropicErrors.Instance.WrongType($"{block.Path}content", JsonKind.StringOrArray)),
    };

    private static string PartText(JsonElement part) =>
        part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text"u8, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";

    private static void CheckImage(RequestFields block)
    {
        var source = block.Object("source") ?? throw new ApiErrorException(AnthropicErrors.Instance.Missing($"{block.Path}source"));
        switch (source.Required("type"))
        {
            case "base64":
                if (!ImageTypes.Contains(source.Required("media_type")))
                {
                    throw AnthropicRequest.Invalid($"{source.Path}base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'");
                }

                var data = source.Required("data");
                if (data.Length == 0 || !IsBase64(data))
                {
                    throw AnthropicRequest.Invalid($"{source.Path}base64: invalid base64 data");
                }

                break;
            case "url":
                _ = source.Required("url").StartsWith("http", StringComparison.OrdinalIgnoreCase) ? 0 : throw AnthropicRequest.Invalid("Only HTTPS URLs are supported.");
                break;
            case "file":
                _ = source.Required("file_id");
                break;
            case var other:
                throw AnthropicRequest.Invalid($"{source.Path.TrimEnd('.')}: Input tag '{other}' found using 'type' does not match any of the expected tags: 'base64', 'file', 'url'");
        }
    }

    private static bool IsBase64(string data) => System.Buffers.Text.Base64.IsValid(data);

    private static void CheckThinking(RequestFields block)
    {
        if (block.Required("signature") != ThinkingSignature.Of(block.Required("thinking")))
        {
            throw AnthropicRequest.Invalid($"{block.Path.TrimEnd('.')}: Invalid `signature` in `thinking` block");
        }
    }
}
