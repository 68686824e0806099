using System.Net;
using System.Net.Sockets;
using Relay.Gateway.Attempts;
using Relay.Gateway.Config;
using Relay.Gateway.Dialects;

namespace Relay.Gateway.Upstream;

/// <summary>The connections to one provider: a bare handler, since a client with its own retries and timeouts would fight the attempt loop.</summary>
internal sealed class ProviderClient : IDisposable
{
    /// <summary>Carries the attempt's clock to the connect callback, so that the connect limit runs only while connecting.</summary>
    public static readonly HttpRequestOptionsKey<ConnectWatch> WatchKey = new("relay.connect");

    private readonly HttpMessageInvoker _invoker;
    private readonly TimeSpan _longestConnect;
    private readonly KeyValuePair<string, string>[] _headers;

    /// <summary>Creates the client.</summary>
    /// <param name="options">The provider.</param>
    /// <param name="longestConnect">The longest connect limit of any model that uses it: when a connection that nobody waits for any more is given up.</param>
    /// <param name="handler">What sends; disposed with the client.</param>
    public ProviderClient(ProviderOptions options, TimeSpan longestConnect, HttpMessageHandler handler)
    {
        Options = options;
        _longestConnect = longestConnect;
        _headers = [.. CredentialHeaders(options), .. options.Headers.Select(h => KeyValuePair.Create(h.Key, h.Value.Reveal()))];
        _invoker = new HttpMessageInvoker(handler, disposeHandler: true);
    }

    /// <summary>As configured.</summary>
    public ProviderOptions Options { get; }

    /// <summary>True when it is what would be made of these options, so that its connections can be kept. A connect limit that became shorter is held by each attempt itself.</summary>
    public bool Serves(ProviderOptions options, TimeSpan longestConnect) => Options.IsSameAs(options) && longestConnect <= _longestConnect;

    /// <summary>A request to the provider, without its content.</summary>
    /// <param name="url">Where it goes.</param>
    /// <param name="watch">Told when a connection is being opened for this very request.</param>
    public HttpRequestMessage CreateRequest(Uri url, ConnectWatch watch) => Create(HttpMethod.Post, url, watch);

    /// <summary>A request that only reads, such as for the list of the provider's models.</summary>
    /// <param name="url">Where it goes.</param>
    /// <param name="watch">Told when a connection is being opened for this very request.</param>
    public HttpRequestMessage CreateRead(Uri url, ConnectWatch watch) => Create(HttpMethod.Get, url, watch);

    private HttpRequestMessage Create(HttpMethod method, Uri url, ConnectWatch watch)
    {
        var request = new HttpRequestMessage(method, url)
        {
            Version = Options.Http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = Options.Http2 ? HttpVersionPolicy.RequestVersionExact : HttpVersionPolicy.RequestVersionOrHigher,
        };
        foreach (var (name, value) in _headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Options.Set(WatchKey, watch);
        return request;
    }

    /// <summary>Sends it; completes when the answer's headers are there.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation) =>
        _invoker.SendAsync(request, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _invoker.Dispose();

    /// <summary>The sockets to a provider.</summary>
    public static SocketsHttpHandler CreateHandler(ProviderOptions options, TimeSpan longestConnect) => new()
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
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),
        PooledConnectionLifetime = TimeSpan.FromMinutes(15),
        MaxResponseDrainSize = 64 * 1024,
        ResponseDrainTimeout = TimeSpan.FromMilliseconds(250),
        ConnectCallback = ConnectAsync,
    };

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        if (context.InitialRequestMessage.Options.TryGetValue(WatchKey, out var watch))
        {
            watch.Connecting();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> CredentialHeaders(ProviderOptions options) =>
        UpstreamDialects.Of(options.Dialect) is { } dialect ? dialect.Headers(options.ApiKey?.Reveal())
        : options.ApiKey is not { } key ? []
        : options.Dialect == Dialect.Azure ? [KeyValuePair.Create("api-key", key.Reveal())]
        : [KeyValuePair.Create("Authorization", "Bearer " + key.Reveal())];
}

/// <summary>Starts the connect limit when the pool opens a connection for a request.</summary>
internal sealed class ConnectWatch(AttemptClock clock, TimeSpan limit)
{
    /// <summary>A connection is being opened.</summary>
    public void Connecting()
    {
        if (clock.Phase == Phase.PoolWait)
        {
            clock.Enter(Phase.Connect, limit);
        }
    }
}
