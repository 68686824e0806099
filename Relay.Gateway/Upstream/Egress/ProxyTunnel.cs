using System.Net;
using System.Text;

namespace Relay.Gateway.Upstream.Egress;

/// <summary>
/// Asks an HTTP proxy for a tunnel to the provider (CONNECT; RFC 9110, section 9.3.6). The handler could do so too, but its connections
/// to proxies know nothing of the request that they are for, so that the time until the tunnel stands would count as waiting for the pool.
/// </summary>
/// <param name="proxy">Its URL.</param>
/// <param name="authorization">The value of Proxy-Authorization; null for none.</param>
internal sealed class ProxyTunnel(Uri proxy, string? authorization)
{
    /// <summary>The most that a proxy may say before the tunnel stands: 16 KiB.</summary>
    private const int MaxHeadBytes = 16 * 1024;

    private readonly DnsEndPoint _proxy = new(proxy.IdnHost, proxy.Port);

    /// <summary>The callback of the handler: connects to the proxy, and through it.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        Dialer.TellClock(context);
        var stream = await Dialer.ToProxy.ConnectAsync(_proxy, cancellation);
        try
        {
            await stream.WriteAsync(Request(context.DnsEndPoint), cancellation);
            Check(await ReadStatusAsync(stream, cancellation));
            return stream;
        }
        catch (Exception e)
        {
            await stream.DisposeAsync();
            if (e is IOException and not ProxyException)
            {
                throw new ProxyException("its proxy closed the connection");
            }

            throw;
        }
    }

    private byte[] Request(DnsEndPoint to)
    {
        var host = to.Host.Contains(':', StringComparison.Ordinal) ? $"[{to.Host}]" : to.Host;
        var credential = authorization is null ? "" : $"Proxy-Authorization: {authorization}\r\n";
        return Encoding.Latin1.GetBytes($"CONNECT {host}:{to.Port} HTTP/1.1\r\nHost: {host}:{to.Port}\r\n{credential}\r\n");
    }

    /// <summary>The status of the proxy's answer; nothing may follow its head, since the provider does not speak first.</summary>
    private static async ValueTask<int> ReadStatusAsync(Stream stream, CancellationToken cancellation)
    {
        var head = new byte[MaxHeadBytes];
        for (var length = 0; length < head.Length;)
        {
            var read = await stream.ReadAsync(head.AsMemory(length), cancellation);
            if (read == 0)
            {
                throw new ProxyException("its proxy closed the connection");
            }

            length += read;
            var end = head.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            var status = end < 0 ? 0 : StatusOf(head);
            if (status is >= 200 and <= 299 && end + 4 < length)
            {
                break;
            }

            if (end >= 0)
            {
                return status;
            }
        }

        throw new ProxyException("its proxy does not answer as a proxy does");
    }

    /// <summary><c>HTTP/1.1 200</c>; 0 when it is anything else.</summary>
    private static int StatusOf(ReadOnlySpan<byte> head) =>
        head.StartsWith("HTTP/1."u8) && head[8] == ' ' && int.TryParse(head[9..12], out var status) ? status : 0;

    private static void Check(int status)
    {
        if (status is < 200 or > 299)
        {
            throw new ProxyException(status switch
            {
                0 => "its proxy does not answer as a proxy does",
                407 => "its proxy wants other credentials (407)",
                _ => $"its proxy answered {status}",
            });
        }
    }
}
