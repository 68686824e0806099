using Relay.Gateway.Config;
using Relay.Gateway.Dialects.Anthropic;
using Relay.Gateway.Dialects.Gemini;

namespace Relay.Gateway.Dialects;

/// <summary>The dialects that providers speak.</summary>
internal static class UpstreamDialects
{
    private static readonly OpenAiGemini Gemini = new();

    /// <summary>The one of a provider; null for those whose bodies are OpenAI's own.</summary>
    /// <param name="dialect">Which it is.</param>
    /// <param name="can">What the target can do; null: nothing is known.</param>
    public static IUpstreamDialect? Of(Dialect dialect, CapabilityOptions? can = null) => dialect switch
    {
        Dialect.Anthropic => new OpenAiAnthropic(OpenAiAnthropicOptions.Of(can)),
        Dialect.Gemini => Gemini,
        _ => null,
    };
}
