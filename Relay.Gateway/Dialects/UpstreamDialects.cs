using Relay.Gateway.Config;

namespace Relay.Gateway.Dialects;

/// <summary>The dialects that providers speak, one instance each.</summary>
internal static class UpstreamDialects
{
    /// <summary>The one of a provider; null for those whose bodies are OpenAI's own.</summary>
    public static IUpstreamDialect? Of(Dialect dialect) => dialect switch
    {
        _ => null,
    };
}
