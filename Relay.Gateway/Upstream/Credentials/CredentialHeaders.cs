using Relay.Gateway.Config;
using Relay.Gateway.Dialects;

namespace Relay.Gateway.Upstream.Credentials;

/// <summary>The headers that a dialect sends a credential in, and those that it always sends.</summary>
internal static class CredentialHeaders
{
    /// <summary>Those of a credential, or of none.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(Dialect dialect, Secret? apiKey) =>
        UpstreamDialects.Of(dialect) is { } other ? other.Headers(apiKey?.Reveal())
        : apiKey is null ? []
        : dialect == Dialect.Azure ? [KeyValuePair.Create("api-key", apiKey.Reveal())]
        : [KeyValuePair.Create("Authorization", "Bearer " + apiKey.Reveal())];
}
