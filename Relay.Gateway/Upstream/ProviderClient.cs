using System.Net;
using Relay.Gateway.Attempts;
using Relay.Gateway.Config;
using Relay.Gateway.Upstream.Credentials;
using Relay.Gateway.Upstream.Egress;

namespace Relay.Gateway.Upstream;

/// <summary>The connections to one provider: a bare handler, since a client with its own retries and timeouts would fight the attempt loop.</summary>
internal sealed class ProviderClient : IDisposable
{
    private readonly HttpMessageInvoker _invoker;
    private readonly TimeSpan _longestConnect;
    private readonly KeyValuePair<string, string>[] _headers;

    /// <summary>Creates the client.</summary>
    /// <param name="options">The provider.</param>
    /// <param name="longestConnect">The longest connect limit of any model that uses it: when a connection that nobody waits for any more is given up.</param>
    /// <param name="handler">What sends; disposed with the client.</param>
    /// <param name="credentials">Its credentials.</param>
    public ProviderClient(ProviderOptions options, TimeSpan longestConnect, HttpMessageHandler handler, CredentialPool credentials)
    {
        Options = options;
        Credentials = credentials;
        _longestConnect = longestConnect;
        _headers = [.. EgressHandler.HeadersOf(options), .. options.Headers.Select(h => KeyValuePair.Create(h.Key, h.Value.Reveal()))];
        _invoker = new HttpMessageInvoker(handler, disposeHandler: true);
    }

    /// <summary>As configured.</summary>
    public ProviderOptions Options { get; }

    /// <summary>Its credentials; each attempt takes one.</summary>
    public CredentialPool Credentials { get; }

    /// <summary>True when it is what would be made of these options, so that its connections can be kept. A connect limit that became shorter is held by each attempt itself.</summary>
    public bool Serves(ProviderOptions options, TimeSpan longestConnect) => Options.IsSameAs(options) && longestConnect <= _longestConnect;

    /// <summary>A request to the provider, without its content.</summary>
    /// <param name="url">Where it goes.</param>
    /// <param name="credential">What it is sent with.</param>
    /// <param name="watch">Told when a connection is being opened for this very request.</param>
    public HttpRequestMessage CreateRequest(Uri url, in CredentialLease credential, ConnectWatch watch) => Create(HttpMethod.Post, url, credential, watch);

    /// <summary>A request that only reads, such as for the list of the provider's models.</summary>
    /// <param name="url">Where it goes.</param>
    /// <param name="credential">What it is sent with.</param>
    /// <param name="watch">Told when a connection is being opened for this very request.</param>
    public HttpRequestMessage CreateRead(Uri url, in CredentialLease credential, ConnectWatch watch) => Create(HttpMethod.Get, url, credential, watch);

    private HttpRequestMessage Create(HttpMethod method, Uri url, in CredentialLease credential, ConnectWatch watch)
    {
        var request = new HttpRequestMessage(method, url)
        {
            Version = Options.Http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = Options.Http2 ? HttpVersionPolicy.RequestVersionExact : HttpVersionPolicy.RequestVersionOrHigher,
        };
        foreach (var (name, value) in credential.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        foreach (var (name, value) in _headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Options.Set(ConnectWatch.Key, watch);
        return request;
    }

    /// <summary>Sends it; completes when the answer's headers are there.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation) =>
        _invoker.SendAsync(request, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _invoker.Dispose();
}

/// <summary>Starts the connect limit when the pool opens a connection for a request.</summary>
internal sealed class ConnectWatch(AttemptClock clock, TimeSpan limit)
{
    /// <summary>Carries it to the connect callback, so that the connect limit runs only while connecting.</summary>
    public static readonly HttpRequestOptionsKey<ConnectWatch> Key = new("relay.connect");

    /// <summary>A connection is being opened.</summary>
    public void Connecting()
    {
        if (clock.Phase == Phase.PoolWait)
        {
            clock.Enter(Phase.Connect, limit);
        }
    }
}
