using Relay.Gateway.Config;
using Relay.Gateway.Dialects.Anthropic;
using Relay.Gateway.Dialects.Gemini;

namespace Relay.Gateway.Dialects;

/// <summary>The dialects that providers speak, one instance each.</summary>
internal static class UpstreamDialects
{
    private static readonly OpenAiAnthropic Anthropic = new();
    private static readonly OpenAiGemini Gemini = new();

    /// <summary>The one of a provider; null for those whose bodies are OpenAI's own.</summary>
    public static IUpstreamDialect? Of(Dialect dialect) => dialect switch
    {
        Dialect.Anthropic => Anthropic,
        Dialect.Gemini => Gemini,
        _ => null,
    };
}
