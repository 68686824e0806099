using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Relay.Core.Errors;
using Relay.Core.Limits;
using Relay.Gateway.Config;
using Relay.Gateway.Errors;
using Relay.Gateway.Routing;

namespace Relay.Gateway.Auth;

/// <summary>A key that was presented and is known.</summary>
/// <param name="options">As configured.</param>
/// <param name="before">The same key in the configuration before, whose rate goes on where it is unchanged.</param>
internal sealed class KnownKey(KeyOptions options, KnownKey? before = null)
{
    private readonly FrozenSet<string> _models = options.Models.ToFrozenSet();
    private readonly KeyRate? _rate = options.RequestsPerMinute is not { } perMinute ? null
        : before?._rate is { } rate && rate.PerMinute == perMinute ? rate
        : new KeyRate(perMinute);

    /// <summary>Its name.</summary>
    public string Name => options.Name;

    /// <summary>SHA-256 of the key.</summary>
    public ImmutableArray<byte> Sha256 => options.Sha256;

    /// <summary>What its requests may change for themselves.</summary>
    public OverrideKinds Overrides => options.Overrides;

    /// <summary>May it use the model of that name? A wildcard that it may use stands for all that it matches.</summary>
    /// <param name="name">The name that is asked for.</param>
    /// <param name="route">The configured model that serves it.</param>
    public bool MayUse(string name, ModelRoute route) => _models.Count == 0 || _models.Contains(name) || _models.Contains(route.Name);

    /// <summary>Takes one request from its rate.</summary>
    public bool TryTake(TimeSpan now, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        return _rate is null || _rate.TryTake(now, out retryAfter);
    }
}

/// <summary>The requests that a key has left. Thread-safe.</summary>
/// <param name="perMinute">Requests a minute.</param>
internal sealed class KeyRate(int perMinute)
{
    private readonly Lock _gate = new();
    private readonly RateLimiter _limiter = new(perMinute);

    /// <summary>Requests a minute.</summary>
    public int PerMinute => perMinute;

    /// <summary>Takes one request.</summary>
    public bool TryTake(TimeSpan now, out TimeSpan retryAfter)
    {
        lock (_gate)
        {
            return _limiter.TryTake(now, out retryAfter);
        }
    }
}

/// <summary>Who is asking? With keys: the bearer must be one of them. Without: only loopback is served, and no web page of another origin.</summary>
internal sealed class KeyRing
{
    private const int MaxKeyLength = 512;

    private readonly FrozenDictionary<ulong, KnownKey[]> _byPrefix;

    /// <summary>Creates the ring.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="before">The ring before it, whose rates go on where key and rate are unchanged.</param>
    public KeyRing(ImmutableArray<KeyOptions> keys, KeyRing? before = null) =>
        _byPrefix = keys
            .Select(k => new KnownKey(k, before?.Find(k.Sha256.AsSpan())))
            .GroupBy(k => Prefix(k.Sha256.AsSpan()))
            .ToFrozenDictionary(g => g.Key, g => g.ToArray());

    /// <summary>No key is configured.</summary>
    public bool IsOpen => _byPrefix.Count == 0;

    /// <summary>Checks a request; null when it may pass.</summary>
    public RelayError? Check(HttpContext http, out KnownKey? key)
    {
        key = null;
        if (IsOpen)
        {
            return CheckLocal(http);
        }

        if (Presented(http.Request) is not { } presented)
        {
            return new(ErrorKind.Authentication, "No API key was sent. Send it as \"Authorization: Bearer KEY\" or \"x-api-key: KEY\".") { Code = "missing_api_key" };
        }

        key = Find(presented);
        return key is null ? new(ErrorKind.Authentication, "The API key is not known to this Relay. Check that it is one of the configured keys.") : null;
    }

    private static RelayError? CheckLocal(HttpContext http)
    {
        // In-memory servers have no address; they are this machine.
        if (http.Connection.RemoteIpAddress is { } from && !IPAddress.IsLoopback(from))
        {
            return new(ErrorKind.Authentication, "This Relay has no keys configured and serves only its own machine. Add \"keys\" to its configuration.");
        }

        // A page of another site, open in a browser on this machine, must not spend the operator's money.
        var host = http.Request.Host.Host;
        if (!IsLocalName(host) || (http.Request.Headers.Origin is [{ Length: > 0 } origin] && !IsLocalOrigin(origin)))
        {
            return new(ErrorKind.Permission, "Without keys, only requests to localhost that come from no other site are served. Use http://127.0.0.1, or add \"keys\" to the configuration.");
        }

        return null;
    }

    private static bool IsLocalOrigin(string origin) => Uri.TryCreate(origin, UriKind.Absolute, out var uri) && IsLocalName(uri.Host);

    private static bool IsLocalName(string host) =>
        host.Length == 0
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));

    private static string? Presented(HttpRequest request)
    {
        var key = request.Headers.Authorization is [{ } header]
            ? header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim() : ""
            : request.Headers["x-api-key"] is [{ } plain] ? plain.Trim() : "";
        return key.Length is 0 or > MaxKeyLength ? null : key;
    }

    private KnownKey? Find(string presented)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> utf8 = stackalloc byte[MaxKeyLength * 3];
        var length = Encoding.UTF8.GetBytes(presented, utf8);
        SHA256.HashData(utf8[..length], digest);
        return Find(digest);
    }

    /// <summary>The lookup goes by the digest's prefix, which tells a guesser nothing about the key; the rest is compared in constant time.</summary>
    private KnownKey? Find(ReadOnlySpan<byte> digest)
    {
        KnownKey? found = null;
        if (_byPrefix.TryGetValue(Prefix(digest), out var candidates))
        {
            foreach (var candidate in candidates)
            {
                found = CryptographicOperations.FixedTimeEquals(candidate.Sha256.AsSpan(), digest) ? candidate : found;
            }
        }

        return found;
    }

    private static ulong Prefix(ReadOnlySpan<byte> digest) => BitConverter.ToUInt64(digest);
}
