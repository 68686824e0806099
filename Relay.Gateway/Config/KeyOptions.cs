using System.Collections.Immutable;

namespace Relay.Gateway.Config;

/// <summary>A key that a client may use. Only its digest is kept.</summary>
public sealed record KeyOptions
{
    /// <summary>Its name in records and stats; unique; 1 to 200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the key's UTF-8 bytes: 32 bytes.</summary>
    public required ImmutableArray<byte> Sha256 { get; init; }

    /// <summary>The models it may use; empty: all.</summary>
    public ImmutableArray<string> Models { get; init; } = [];

    /// <summary>Requests a minute; null: no limit. From 1 to 10,000,000.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>What its requests may change for themselves. Default timeout, retry and tags.</summary>
    public OverrideKinds Overrides { get; init; } = OverrideKinds.Default;
}

/// <summary>Limits on what one process takes in.</summary>
public sealed record LimitOptions
{
    /// <summary>The largest request body. Default 32 MiB, from 1 KiB to 1 GiB. Over it: 413.</summary>
    public long MaxRequestBodyBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Plain answers are held back up to this size, so that a broken one can still fail over; larger ones are streamed through. Default 8 MiB, from 1 KiB to 256 MiB.</summary>
    public int MaxPlainBufferBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>The longest line of a provider's event stream. Default 1 MiB, from 1 KiB to 64 MiB. Over it: the attempt is malformed.</summary>
    public int MaxSseLineBytes { get; init; } = 1024 * 1024;

    /// <summary>Requests at once. Default 10,000, from 1 to 1,000,000. Over it: 503 with Retry-After.</summary>
    public int MaxConcurrentRequests { get; init; } = 10_000;

    /// <summary>A client that takes nothing of its answer for this long is cut off, and its provider with it. Default 30 s, from 100 ms to 1 h.</summary>
    public TimeSpan ClientStall { get; init; } = TimeSpan.FromSeconds(30);
}
