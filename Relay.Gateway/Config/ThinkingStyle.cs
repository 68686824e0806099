namespace Relay.Gateway.Config;

/// <summary>How a model of Anthropic's is told to think (https://platform.claude.com/docs/en/build-with-claude/adaptive-thinking).</summary>
public enum ThinkingStyle
{
    /// <summary><c>none</c>: it cannot think.</summary>
    None,

    /// <summary><c>budget</c>: with a budget of tokens, as Claude 3.7 to 4.5.</summary>
    Budget,

    /// <summary><c>adaptive</c>: it decides by itself, with an effort in output_config, as Claude 4.6 and later.</summary>
    Adaptive,
}
