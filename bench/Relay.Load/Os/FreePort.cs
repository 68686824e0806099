using System.Net;
using System.Net.Sockets;

namespace Relay.Load.Os;

/// <summary>Ports for servers that cannot pick one themselves.</summary>
internal static class FreePort
{
    /// <summary>A loopback port that is free now.</summary>
    public static int Take()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
