using System.Net;
using System.Text;
using Relay.Gateway.Config;

namespace Relay.Gateway.Upstream.Egress;

/// <summary>
/// Makes the handler that holds the connections to a provider: a bare one, since a client with its own retries and timeouts would fight
/// the attempt loop, and none that follows the environment's proxy.
/// <code><![CDATA[
///   no proxy:      Relay --- TCP --- [TLS] --- provider
///   https + proxy: Relay --- TCP --- proxy: CONNECT --- TLS --- provider      (ProxyTunnel, inside the connect limit)
///   http + proxy:  Relay --- TCP --- proxy: POST http://provider/... -------- (the handler's own)
/// ]]></code>
/// </summary>
internal static class EgressHandler
{
    /// <summary>Makes it.</summary>
    /// <param name="options">The provider.</param>
    /// <param name="longestConnect">When a connection that nobody waits for any more is given up.</param>
    public static SocketsHttpHandler Create(ProviderOptions options, TimeSpan longestConnect)
    {
        var egress = options.Egress;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = longestConnect + TimeSpan.FromSeconds(1),
            EnableMultipleHttp2Connections = true,
            MaxConnectionsPerServer = options.MaxConnections,
            MaxResponseHeadersLength = 64,
            PooledConnectionIdleTimeout = egress.ConnectionIdle,
            PooledConnectionLifetime = egress.ConnectionLifetime,
            MaxResponseDrainSize = 64 * 1024,
            ResponseDrainTimeout = TimeSpan.FromMilliseconds(250),
            ConnectCallback = Dialer.Direct.ConnectAsync,
        };
        EgressTls.Apply(egress, handler.SslOptions);
        if (egress.Proxy is { } proxy)
        {
            var tunnels = options.BaseUrl.Scheme == Uri.UriSchemeHttps;
            handler.ConnectCallback = tunnels ? new ProxyTunnel(proxy, Basic(egress)).ConnectAsync : Dialer.ToProxy.ConnectAsync;
            handler.UseProxy = !tunnels;
            handler.Proxy = tunnels ? null : new WebProxy(proxy);
        }

        return handler;
    }

    /// <summary>Headers that every request needs for its way out: the credential of a proxy that reads the requests themselves.</summary>
    public static IEnumerable<KeyValuePair<string, string>> HeadersOf(ProviderOptions options) =>
        options.BaseUrl.Scheme == Uri.UriSchemeHttp && Basic(options.Egress) is { } basic ? [KeyValuePair.Create("Proxy-Authorization", basic)] : [];

    private static string? Basic(EgressOptions egress) => egress is { Proxy: not null, ProxyCredential: { } credential }
        ? "Basic " + Convert.ToBase64String(Encoding.Latin1.GetBytes(credential.Reveal()))
        : null;
}
