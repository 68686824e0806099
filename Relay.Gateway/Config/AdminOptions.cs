using System.Collections.Immutable;

namespace Relay.Gateway.Config;

/// <summary>Who may change something through the API.</summary>
public sealed record AdminOptions
{
    /// <summary>SHA-256 of the admin token's UTF-8 bytes: 32 bytes; null: none is configured, and nothing can be changed. Only the digest is kept.</summary>
    public ImmutableArray<byte>? TokenSha256 { get; init; }
}
