namespace Relay.Gateway.Dialects.Anthropic;

/// <summary>What a target that speaks Anthropic's Messages API can do, as far as requests are written differently for it.</summary>
internal sealed record OpenAiAnthropicOptions
{
    /// <summary>max_tokens for requests that name none; Anthropic wants one. In tokens, at least 1; default 4096. A thinking budget is added to it.</summary>
    public int DefaultMaxTokens { get; init; } = 4096;

    /// <summary>How the model is told to think. Default: by a budget.</summary>
    public ThinkingStyle Thinking { get; init; } = ThinkingStyle.Budget;

    /// <summary>The model knows output_config.format and strict tools (Claude 4.5 and later). Default true. Where not, a JSON schema is refused and <c>strict</c> left out.</summary>
    public bool StructuredOutputs { get; init; } = true;
}

/// <summary>How a model is told to think.</summary>
internal enum ThinkingStyle
{
    /// <summary>It cannot think.</summary>
    None,

    /// <summary>With a budget of tokens: Claude 3.7 to 4.6.</summary>
    Budget,

    /// <summary>It decides by itself, with an effort in output_config: Claude 4.6 and later.</summary>
    Adaptive,
}
