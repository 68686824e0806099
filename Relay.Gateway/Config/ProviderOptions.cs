using System.Collections.Immutable;

namespace Relay.Gateway.Config;

/// <summary>The protocol that a provider speaks.</summary>
public enum Dialect
{
    /// <summary>OpenAI's HTTP API, and the many servers compatible with it.</summary>
    OpenAi,

    /// <summary>Azure OpenAI: OpenAI's bodies at deployment URLs, with an api-version and an api-key header.</summary>
    Azure,

    /// <summary>Anthropic's Messages API.</summary>
    Anthropic,

    /// <summary>Google's Gemini API: generateContent and streamGenerateContent.</summary>
    Gemini,
}

/// <summary>One upstream account.</summary>
public sealed record ProviderOptions
{
    /// <summary>Its name, the first half of a target's: 1 to 64 letters, digits, '.', '_' and '-'.</summary>
    public required string Name { get; init; }

    /// <summary>Its protocol. Default openai.</summary>
    public Dialect Dialect { get; init; }

    /// <summary>The api-version that Azure is asked for: 1 to 32 letters, digits, '.' and '-'. Default 2024-10-21. Of no other dialect.</summary>
    public string ApiVersion { get; init; } = "2024-10-21";

    /// <summary>
    /// The base URL up to and including the version, such as <c>https://api.openai.com/v1</c>, <c>https://api.anthropic.com/v1</c> or
    /// <c>https://generativelanguage.googleapis.com/v1beta</c>; for Azure the resource's, such as <c>https://name.openai.azure.com</c>.
    /// http or https, no query, no slash at its end.
    /// </summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>The credential, sent as its dialect has it: a bearer token, or a header of its own. Null: none is sent.</summary>
    public Secret? ApiKey { get; init; }

    /// <summary>Several credentials that take turns, instead of <see cref="ApiKey"/>. At most 64. Default none.</summary>
    public ImmutableArray<CredentialOptions> Credentials { get; init; } = [];

    /// <summary>A credential that was refused, or has no quota, is tried again after this long. Default 1 min, from 1 s to 24 h.</summary>
    public TimeSpan CredentialRetryAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>All credentials: <see cref="Credentials"/>, or <see cref="ApiKey"/> under the name 0, or none.</summary>
    public ImmutableArray<CredentialOptions> AllCredentials =>
        Credentials.Length > 0 || ApiKey is null ? Credentials : [new() { Name = "0", ApiKey = ApiKey }];

    /// <summary>Extra request headers. Values may be secrets, so they print as stars. At most 32.</summary>
    public ImmutableArray<KeyValuePair<string, Secret>> Headers { get; init; } = [];

    /// <summary>Connections to this provider at once; a request that finds none free waits for <c>timeouts.poolWait</c>. Default 1,024, from 1 to 100,000.</summary>
    public int MaxConnections { get; init; } = 1024;

    /// <summary>HTTP/2 and nothing else; over http without negotiation (prior knowledge, h2c). False: over https what the provider offers, over http HTTP/1.1. Default false.</summary>
    public bool Http2 { get; init; }

    /// <summary>The way out: proxy, trust, client certificate, age of connections.</summary>
    public EgressOptions Egress { get; init; } = EgressOptions.Default;

    /// <summary>How the limits that it tells with its answers are followed.</summary>
    public RateLimitOptions RateLimits { get; init; } = new();

    /// <summary>True when every option is the same, the values of secrets included.</summary>
    /// <param name="other">The other options.</param>
    public bool IsSameAs(ProviderOptions other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return this with { Headers = [], Credentials = [] } == other with { Headers = [], Credentials = [] }
            && HasSameHeaders(other)
            && Credentials.SequenceEqual(other.Credentials);
    }

    /// <summary>True when the extra headers are the same, their values included.</summary>
    /// <param name="other">The other options.</param>
    public bool HasSameHeaders(ProviderOptions other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Headers.Select(h => (h.Key, h.Value)).SequenceEqual(other.Headers.Select(h => (h.Key, h.Value)));
    }
}
