using System.Text.Json;

namespace Relay.Simulator;

/// <summary>Reads a Messages request with the checks of the real API, unknown fields among them: what passes here is well formed there.</summary>
internal static class AnthropicRequest
{
    private const int LeastThinkingBudget = 1024;

    private static readonly HashSet<string> Known =
    [
        "billing_policy", "cache_control", "compaction", "container", "context_management", "diagnostics", "fallback_credit_token", "fallbacks",
        "inference_geo", "max_tokens", "mcp_servers", "messages", "metadata", "model", "output_config", "output_format", "service_tier", "speed",
        "stop_sequences", "stream", "system", "thinking", "thread", "tool_choice", "tools", "user_profile_id", "workspace_id",
    ];

    private static readonly HashSet<string> KnownWithSampling = [.. Known, "temperature", "top_k", "top_p"];

    private static readonly HashSet<string> KnownToCount =
    [
        "cache_control", "context_management", "mcp_servers", "messages", "model", "output_config", "output_format", "speed", "system",
        "thinking", "tool_choice", "tools", "user_profile_id", "workspace_id",
    ];

    /// <param name="root">The body.</param>
    /// <param name="version">The API's version, a known one.</param>
    /// <param name="counts">The request is for count_tokens, which knows fewer fields.</param>
    public static ChatRequest Read(JsonElement root, string version, bool counts)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw Invalid("Input should be a valid dictionary or object to extract fields from");
        }

        CheckKnown(root, counts ? KnownToCount : version == AnthropicVersion.WithoutSampling ? Known : KnownWithSampling);
        var fields = new RequestFields(root, AnthropicErrors.Instance);
        var model = fields.Required("model");
        int? maxTokens = counts ? null : fields.Int("max_tokens", 0, int.MaxValue) ?? throw new ApiErrorException(AnthropicErrors.Instance.Missing("max_tokens"));
        var thoughts = ReadThinking(fields, maxTokens);
        var thinks = thoughts != Thoughts.None;
        CheckSampling(fields, thinks);
        var conversation = AnthropicMessages.Read(fields, version, thinks);
        return new ChatRequest(model, conversation)
        {
            Stream = fields.Bool("stream"),
            MaxTokens = maxTokens,
            Thoughts = thoughts,
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

    private static Thoughts ReadThinking(RequestFields fields, int? maxTokens)
    {
        if (fields.Object("thinking") is not { } thinking)
        {
            return Thoughts.None;
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
            return type == "disabled" ? Thoughts.None : throw Invalid($"thinking: Input tag '{type}' found using 'type' does not match any of the expected tags: 'adaptive', 'disabled', 'enabled'");
        }

        return thinking.String("display") switch
        {
            null or "summarized" => Thoughts.Shown,
            "omitted" => Thoughts.Signed,
            _ => throw Invalid($"thinking.{type}.display: Input should be 'summarized' or 'omitted'"),
        };
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
