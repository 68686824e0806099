using System.Net;

namespace Relay.Gateway.Config;

/// <summary>Where Relay listens. Port 0 picks a free one.</summary>
public sealed record ListenOptions
{
    /// <summary>The gateway's HTTP endpoint. Default 127.0.0.1:8080.</summary>
    public IPEndPoint Gateway { get; init; } = new(IPAddress.Loopback, 8080);

    /// <summary>The API's HTTP endpoint: stats and the live page. Default 127.0.0.1:8090.</summary>
    public IPEndPoint Api { get; init; } = new(IPAddress.Loopback, 8090);
}
