using System.Collections.Immutable;
using Relay.Gateway.Config;

namespace Relay.Gateway.Fit;

/// <summary>
/// What is known of well-known models by the start of their names: capabilities, and fields that they take otherwise than OpenAI's first
/// chat models. docs/dialects.md has the table, from the providers' model pages. Configuration goes over it, field by field.
/// </summary>
/// <param name="Prefix">How the upstream model's name starts; its part behind the last slash is looked at.</param>
/// <param name="Capabilities">What it can do.</param>
/// <param name="Parameters">What it takes otherwise.</param>
internal sealed record ModelFamily(string Prefix, CapabilityOptions Capabilities, ParameterOptions Parameters)
{
    /// <summary>OpenAI's reasoning models refuse sampling fields and the old name of the token limit.</summary>
    private static readonly ParameterOptions Reasoning = new()
    {
        Rename = [KeyValuePair.Create("max_tokens", "max_completion_tokens")],
        Drop = ["presence_penalty", "frequency_penalty", "logprobs", "top_logprobs", "logit_bias", "top_p"],
        Clamp = [new("temperature", 1, 1)],
    };

    /// <summary>Servers that know the token limit by its old name only.</summary>
    private static readonly ParameterOptions OldLimit = new() { Rename = [KeyValuePair.Create("max_completion_tokens", "max_tokens")] };

    private static readonly ImmutableArray<ModelFamily> Table =
    [
        Of("gpt-5-chat", 128_000, 16_384, images: true, tools: false, schema: true),
        Of("gpt-5", 400_000, 128_000, images: true, tools: true, schema: true, Reasoning),
        Of("gpt-4.1", 1_047_576, 32_768, images: true, tools: true, schema: true),
        Of("gpt-4o", 128_000, 16_384, images: true, tools: true, schema: true),
        Of("gpt-4-turbo", 128_000, 4_096, images: true, tools: true, schema: false),
        Of("gpt-3.5-turbo", 16_385, 4_096, images: false, tools: true, schema: false),
        Of("o1-mini", 128_000, 65_536, images: false, tools: false, schema: false, Reasoning),
        Of("o1", 200_000, 100_000, images: true, tools: true, schema: true, Reasoning),
        Of("o3-mini", 200_000, 100_000, images: false, tools: true, schema: true, Reasoning),
        Of("o3", 200_000, 100_000, images: true, tools: true, schema: true, Reasoning),
        Of("o4-mini", 200_000, 100_000, images: true, tools: true, schema: true, Reasoning),
        Claude("claude", null, null, schema: true, ThinkingStyle.Adaptive),
        Claude("claude-3", 200_000, 4_096, schema: false, ThinkingStyle.None),
        Claude("claude-3-5", 200_000, 8_192, schema: false, ThinkingStyle.None),
        Claude("claude-3-7-sonnet", 200_000, 64_000, schema: false, ThinkingStyle.Budget),
        Claude("claude-opus-4", 200_000, 32_000, schema: false, ThinkingStyle.Budget),
        Claude("claude-opus-4-1", 200_000, 32_000, schema: true, ThinkingStyle.Budget),
        Claude("claude-opus-4-5", 200_000, 64_000, schema: true, ThinkingStyle.Budget),
        Claude("claude-opus-4-6", 1_000_000, 128_000, schema: true, ThinkingStyle.Adaptive),
        Claude("claude-opus-4-7", 1_000_000, 128_000, schema: true, ThinkingStyle.Adaptive),
        Claude("claude-opus-4-8", 1_000_000, 128_000, schema: true, ThinkingStyle.Adaptive),
        Claude("claude-opus-5", 1_000_000, 128_000, schema: true, ThinkingStyle.Adaptive),
        Claude("claude-sonnet-4", 200_000, 64_000, schema: false, ThinkingStyle.Budget),
        Claude("claude-sonnet-4-5", 200_000, 64_000, schema: true, ThinkingStyle.Budget),
        Claude("claude-sonnet-4-6", null, 64_000, schema: true, ThinkingStyle.Adaptive),
        Claude("claude-haiku-4", 200_000, 64_000, schema: true, ThinkingStyle.Budget),
        Of("gemini-1.5-pro", 2_097_152, 8_192, images: true, tools: true, schema: true),
        Of("gemini-1.5-flash", 1_048_576, 8_192, images: true, tools: true, schema: true),
        Of("gemini-2.0-flash", 1_048_576, 8_192, images: true, tools: true, schema: true),
        Of("gemini-2.5", 1_048_576, 65_536, images: true, tools: true, schema: true),
        Of("deepseek-chat", 128_000, 8_192, images: false, tools: true, schema: false, OldLimit),
        Of("deepseek-reasoner", 128_000, 65_536, images: false, tools: null, schema: false, OldLimit),
        Of("mistral-large", 128_000, null, images: null, tools: true, schema: true, OldLimit),
        Of("mistral", null, null, images: null, tools: true, schema: null, OldLimit),
        Of("codestral", null, null, images: false, tools: true, schema: null, OldLimit),
    ];

    /// <summary>Every family.</summary>
    public static IReadOnlyList<ModelFamily> All => Table;

    /// <summary>That of an upstream model's name, the one with the longest prefix; null when it is not known.</summary>
    public static ModelFamily? Find(string upstreamModel)
    {
        var name = upstreamModel.AsSpan(upstreamModel.LastIndexOf('/') + 1);
        ModelFamily? best = null;
        foreach (var family in Table)
        {
            var matches = name.StartsWith(family.Prefix, StringComparison.OrdinalIgnoreCase)
                && (name.Length == family.Prefix.Length || !char.IsAsciiLetterOrDigit(name[family.Prefix.Length]));
            best = matches && family.Prefix.Length > (best?.Prefix.Length ?? 0) ? family : best;
        }

        return best;
    }

    private static ModelFamily Of(string prefix, long? window, long? output, bool? images, bool? tools, bool? schema, ParameterOptions? parameters = null) => new(
        prefix,
        new() { ContextWindow = window, MaxOutput = output, Images = images, Tools = tools, JsonSchema = schema },
        parameters ?? ParameterOptions.None);

    private static ModelFamily Claude(string prefix, long? window, long? output, bool schema, ThinkingStyle thinking)
    {
        var known = Of(prefix, window, output, images: true, tools: true, schema);
        return known with { Capabilities = known.Capabilities with { Thinking = thinking } };
    }
}
