namespace Relay.Gateway.Config;

/// <summary>How the limits that a provider tells with its answers steer requests away before it refuses any.</summary>
public sealed record RateLimitOptions
{
    /// <summary>False: what it tells is not read. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>With fewer requests left than this, other targets come first until the limit is whole again. Default 1, from 0 (never) to 1,000,000.</summary>
    public long MinRequests { get; init; } = 1;

    /// <summary>With fewer tokens left than this, other targets come first until the limit is whole again. Default 500, from 0 (never) to 1,000,000,000.</summary>
    public long MinTokens { get; init; } = 500;

    /// <summary>Other targets come first for at most this long, whatever the provider tells. Default 60 s, from 0 to 1 h.</summary>
    public TimeSpan ResetMax { get; init; } = TimeSpan.FromSeconds(60);
}
