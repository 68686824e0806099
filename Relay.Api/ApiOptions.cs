using System.Net;

namespace Relay.Api;

/// <summary>What the API is started with.</summary>
public sealed record ApiOptions
{
    /// <summary>Where it listens. Default 127.0.0.1:8090; port 0 picks a free one.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 8090);

    /// <summary>Where it listens for gRPC, HTTP/2 without TLS. Default 127.0.0.1:8091; port 0 picks a free one.</summary>
    public IPEndPoint GrpcListen { get; init; } = new(IPAddress.Loopback, 8091);

    /// <summary>
    /// Further names by which it may be reached, as they stand in the Host header, without port. <c>localhost</c>, <c>127.0.0.1</c>,
    /// <c>[::1]</c> and the listen address are always allowed. Default none; at most 64.
    /// </summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>SHA-256 of the admin token, 32 bytes, asked anew for each call that would change something. Default none: nothing can be changed.</summary>
    public Func<byte[]?> AdminTokenSha256 { get; init; } = static () => null;

    /// <summary>Relay's version, as the page shows it.</summary>
    public required string Version { get; init; }

    /// <summary>Where clients reach the gateway, such as <c>http://127.0.0.1:8080</c>; for the example on the page.</summary>
    public required string GatewayUrl { get; init; }
}
