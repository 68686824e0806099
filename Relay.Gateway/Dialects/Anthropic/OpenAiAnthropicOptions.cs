using Relay.Gateway.Config;

namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>What a target that speaks Anthropic's Messages API can do, as far as requests are written differently for it.</summary>
internal sealed record OpenAiAnthropicOptions
{
    /// <summary>max_tokens for requests that name none; Anthropic wants one. In tokens, at least 1; default 4096. A thinking budget is added to it.</summary>
    public int DefaultMaxTokens { get; init; } = 4096;

    /// <summary>The most that max_tokens may be, in tokens; null: not known. What the client itself asks for is sent as it is.</summary>
    public long? LongestAnswer { get; init; }

    /// <summary>How the model is told to think. Default: by a budget.</summary>
    public ThinkingStyle Thinking { get; init; } = ThinkingStyle.Budget;

    /// <summary>The model knows output_config.format and strict tools (Claude 4.5 and later). Default true. Where not, a JSON schema is refused and <c>strict</c> left out.</summary>
    public bool StructuredOutputs { get; init; } = true;

    /// <summary>What they are for a target that can do this. The default limit is no longer than its longest answer.</summary>
    public static OpenAiAnthropicOptions Of(CapabilityOptions? can)
    {
        var defaults = new OpenAiAnthropicOptions();
        return new()
        {
            DefaultMaxTokens = (int)Math.Min(defaults.DefaultMaxTokens, can?.MaxOutput ?? long.MaxValue),
            LongestAnswer = can?.MaxOutput,
            Thinking = can?.Thinking ?? defaults.Thinking,
            StructuredOutputs = can?.JsonSchema ?? defaults.StructuredOutputs,
        };
    }
}
