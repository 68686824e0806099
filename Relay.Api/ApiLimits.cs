using Microsoft.AspNetCore.Server.Kestrel.Core;
using Relay.Api.Live;

namespace Relay.Api;

/// <summary>The limits of the API's server: it answers people and monitors with small GETs, so all are tight. Only what changes something takes a body (<see cref="Http.BreakerBody.MaxBytes"/>).</summary>
internal static class ApiLimits
{
    /// <summary>Applies them. What is over is answered by Kestrel with 413, 414 or 431, or by closing the connection.</summary>
    public static void Apply(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        // Watchers have one each; some more are for everybody else.
        limits.MaxConcurrentConnections = WatchHub.MaxWatchers + 1_000;
        limits.MaxConcurrentUpgradedConnections = 0;
        limits.MaxRequestLineSize = 8 * 1024;
        limits.MaxRequestHeadersTotalSize = 16 * 1024;
        limits.MaxRequestHeaderCount = 64;
        limits.MaxRequestBodySize = 0;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
    }
}
