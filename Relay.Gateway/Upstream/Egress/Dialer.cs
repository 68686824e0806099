using System.Net;
using System.Net.Sockets;

namespace Relay.Gateway.Upstream.Egress;

/// <summary>Opens TCP connections, and tells the attempt's clock that connecting has begun.</summary>
internal sealed class Dialer
{
    private readonly bool _isProxy;

    private Dialer(bool isProxy) => _isProxy = isProxy;

    /// <summary>To the provider itself.</summary>
    public static Dialer Direct { get; } = new(isProxy: false);

    /// <summary>To a proxy, which errors then name.</summary>
    public static Dialer ToProxy { get; } = new(isProxy: true);

    /// <summary>The callback of the handler: connects to where it says.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        TellClock(context);
        return await ConnectAsync(context.DnsEndPoint, cancellation);
    }

    /// <summary>The connect limit runs from now on.</summary>
    public static void TellClock(SocketsHttpConnectionContext context)
    {
        if (context.InitialRequestMessage.Options.TryGetValue(ConnectWatch.Key, out var watch))
        {
            watch.Connecting();
        }
    }

    /// <summary>Connects.</summary>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint to, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(to, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException e) when (_isProxy)
        {
            socket.Dispose();
            throw new ProxyException($"its proxy cannot be reached ({UpstreamFault.Say(e)})");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
