using System.Net;
using System.Net.Sockets;

namespace Relay.Gateway.Tests.Kit;

/// <summary>A loopback address at which nobody listens: bound, so that nobody else takes it, and never accepting.</summary>
internal sealed class DeadPort : IDisposable
{
    private readonly Socket _bound = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public DeadPort() => _bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public Uri Url => new($"http://{_bound.LocalEndPoint}/");

    public void Dispose() => _bound.Dispose();
}
