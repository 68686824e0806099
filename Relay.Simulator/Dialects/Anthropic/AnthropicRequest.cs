using System.Text.Json;

namespace Relay.Simulator;

/// <summary>Reads a Messages request with the checks of the real API, unknown fields among them: what passes here is well formed there.</summary>
internal static class AnthropicRequest
{
    private const int LeastThinkingBudget = 1024;

    private static readonly HashSet<string> Known =
    [
        "cache_control", "compaction", "container", "context_management", "diagnostics", "fallbacks", "inference_geo", "max_tokens", "mcp_servers",
        "messages", "metadata", "model", "output_config", "output_format", "service_tier", "speed", "stop_sequences", "stream", "system",
        "temperature", "thinking", "tool_choice", "tools", "top_k", "top_p", "user_profile_id", "workspace_id",
    ];

    private static readonly HashSet<string> KnownToCount =
    [
        "cache_control", "context_management", "mcp_servers", "messages", "model", "output_config", "output_format", "speed", "system",
        "thinking", "tool_choice", "tools", "user_profile_id", "workspace_id",
    ];

    /// <param name="root">The body.</param>
    /// <param name="counts">The request is for count_tokens, which knows fewer fields.</param>
    public static ChatRequest Read(JsonElement root, bool counts)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw Invalid("Input should be a valid dictionary or object to extract fields from");
        }

        CheckKnown(root, counts ? KnownToCount : Known);
        var fields = new RequestFields(root, AnthropicErrors.Instance);
        var model = fields.Required("model");
        int? maxTokens = counts ? null : fields.Int("max_tokens", 0, int.MaxValue) ?? throw new ApiErrorException(AnthropicErrors.Instance.Missing("max_tokens"));
        var (thinks, shows) = ReadThinking(fields, maxTokens);
        CheckSampling(fields, thinks);
        var conversation = AnthropicMessages.Read(fields, thinks);
        return new ChatRequest(model, conversation)
        {
            Stream = fields.Bool("stream"),
            MaxTokens = maxTokens,
            Reasoning = thinks,
            ShowReasoning = shows,
            Tools = AnthropicTools.Read(fields, thinks).Called(conversation),
            JsonSchema = ReadFormat(fields),
            StopSequences = ReadStop(fields),
            CacheWrite = CacheControls.Of(root),
        };
    }

    public static ApiErrorException Invalid(string message) => new(AnthropicErrors.Invalid(message));

    private static void CheckKnown(JsonElement root, HashSet<string> known)
    {
        foreach (var field in root.EnumerateObject())
        {
            if (!known.Contains(field.Name))
            {
                throw Invalid($"{field.Name}: Extra inputs are not permitted");
            }
        }
    }

    // Whether the model thinks, and whether its thoughts are in the answer.
    private static (bool Thinks, bool Shows) ReadThinking(RequestFields fields, int? maxTokens)
    {
        if (fields.Object("thinking") is not { } thinking)
        {
            return (false, false);
        }

        var type = thinking.Required("type");
        if (type == "enabled")
        {
            var budget = (thinking with { Path = "thinking.enabled." }).Int("budget_tokens", LeastThinkingBudget, int.MaxValue)
                ?? throw new ApiErrorException(AnthropicErrors.Instance.Missing("thinking.enabled.budget_tokens"));
            if (budget >= maxTokens)
            {
                throw Invalid("`max_tokens` must be greater than `thinking.budget_tokens`. Please consult our documentation at https://platform.claude.com/docs/en/build-with-claude/extended-thinking#max-tokens-and-context-window-size");
            }
        }
        else if (type != "adaptive")
        {
            return type == "disabled" ? (false, false) : throw Invalid($"thinking: Input tag '{type}' found using 'type' does not match any of the expected tags: 'adaptive', 'disabled', 'enabled'");
        }

        return (true, true);
    }

    private static void CheckSampling(RequestFields fields, bool thinks)
    {
        var temperature = fields.Number("temperature", 0, 1);
        var topP = fields.Number("top_p", 0, 1);
        var topK = fields.Int("top_k", 0, int.MaxValue);
        if (thinks && temperature is not (null or 1))
        {
            throw Invalid("`temperature` may only be set to 1 when thinking is enabled. Please consult our documentation at https://platform.claude.com/docs/en/build-with-claude/extended-thinking");
        }

        if (thinks && topK is not null)
        {
            throw Invalid("`top_k` must be unset when thinking is enabled. Please consult our documentation at https://platform.claude.com/docs/en/build-with-claude/extended-thinking");
        }

        if (thinks && topP is < 0.95)
        {
            throw Invalid("`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled. Please consult our documentation at https://platform.claude.com/docs/en/build-with-claude/extended-thinking");
        }
    }

    private static JsonElement? ReadFormat(RequestFields fields)
    {
        if ((fields.Object("output_config")?.Object("format") ?? fields.Object("output_format")) is not { } format)
        {
            return null;
        }

        return format.Required("type") == "json_schema"
            ? format.Object("schema")?.Json ?? throw new ApiErrorException(AnthropicErrors.Instance.Missing($"{format.Path}schema"))
            : throw Invalid($"{format.Path}type: Input should be 'json_schema'");
    }

    private static string[] ReadStop(RequestFields fields)
    {
        var sequences = fields.Strings("stop_sequences");
        return Array.Exists(sequences, string.IsNullOrWhiteSpace) ? throw Invalid("stop_sequences: each stop sequence must contain non-whitespace") : sequences;
    }
}
