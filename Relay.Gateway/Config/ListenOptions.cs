using System.Collections.Immutable;
using System.Net;

namespace Relay.Gateway.Config;

/// <summary>Where Relay listens. Port 0 picks a free one.</summary>
public sealed record ListenOptions
{
    /// <summary>The gateway's HTTP endpoint. Default 127.0.0.1:8080.</summary>
    public IPEndPoint Gateway { get; init; } = new(IPAddress.Loopback, 8080);

    /// <summary>The gateway's gRPC endpoint, HTTP/2 without TLS. Default 127.0.0.1:8081.</summary>
    public IPEndPoint Grpc { get; init; } = new(IPAddress.Loopback, 8081);

    /// <summary>The API's HTTP endpoint: stats and the live page. Default 127.0.0.1:8090.</summary>
    public IPEndPoint Api { get; init; } = new(IPAddress.Loopback, 8090);

    /// <summary>The API's gRPC endpoint, HTTP/2 without TLS. Default 127.0.0.1:8091.</summary>
    public IPEndPoint ApiGrpc { get; init; } = new(IPAddress.Loopback, 8091);

    /// <summary>Hosts under which browsers and scrapers reach the API besides localhost and its address; the API answers no other. At most 64. Default none.</summary>
    public ImmutableArray<string> ApiHosts { get; init; } = [];

    /// <summary>A client that sends its request or takes its answer more slowly than this for 5 s is cut off. Bytes per second, default 240, from 0 (never) to 1,000,000.</summary>
    public int MinClientBytesPerSecond { get; init; } = 240;

    /// <summary>How long a stopping gateway lets open requests end. Default 30 s, from 0 to 1 h.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(30);
}
