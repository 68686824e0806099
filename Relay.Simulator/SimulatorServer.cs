using System.Net;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Relay.Simulator;

/// <summary>A fake provider on real sockets, which speaks OpenAI, Azure OpenAI, Anthropic and Gemini side by side. Start it, script its <see cref="Faults"/>, read its <see cref="Log"/>.</summary>
public sealed class SimulatorServer : IAsyncDisposable
{
    private readonly SimulatorState _state;
    private readonly KestrelServer _kestrel;
    private int _stopped;

    private SimulatorServer(SimulatorState state, KestrelServer kestrel)
    {
        _state = state;
        _kestrel = kestrel;
        var addresses = kestrel.Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        BaseUrl = new Uri(addresses[0]);
        Http2Url = addresses.Length > 1 ? new Uri(addresses[1]) : null;
    }

    /// <summary>Where it listens for HTTP/1.1, such as <c>http://127.0.0.1:9101/</c>. OpenAI clients need <c>v1</c> behind it.</summary>
    public Uri BaseUrl { get; }

    /// <summary>Where it listens for HTTP/2 with prior knowledge; null unless asked for.</summary>
    public Uri? Http2Url { get; }

    /// <summary>The options it runs with.</summary>
    public SimulatorOptions Options => _state.Options;

    /// <summary>The requests that arrived.</summary>
    public RequestLog Log => _state.Log;

    /// <summary>The scripted faults.</summary>
    public FaultBook Faults => _state.Faults;

    /// <summary>False while unplugged.</summary>
    public bool IsPlugged => !_state.Unplugged;

    /// <summary>Client connections open now.</summary>
    public int ConnectionCount => _state.Connections.Count;

    /// <summary>Starts listening; returns once the ports accept.</summary>
    /// <exception cref="ArgumentException">The options are wrong; the message lists every problem.</exception>
    /// <exception cref="IOException">A port is taken.</exception>
    public static async Task<SimulatorServer> StartAsync(SimulatorOptions options, CancellationToken cancellationToken = default)
    {
        if (options.Problems() is { Count: > 0 } problems)
        {
            throw new ArgumentException(string.Join("; ", problems), nameof(options));
        }

        var state = new SimulatorState(options);
        var kestrel = new KestrelServer(Configure(options, state), Transport(options), NullLoggerFactory.Instance);
        try
        {
            await kestrel.StartAsync(new SimulatorApplication(state), cancellationToken);
        }
        catch
        {
            kestrel.Dispose();
            throw;
        }

        return new SimulatorServer(state, kestrel);
    }

    /// <summary>Pulls the plug: every live connection is reset, and every request after it, until <see cref="Plug"/>. /control stays reachable.</summary>
    public void Unplug() => _state.Unplug();

    /// <summary>Puts the plug back.</summary>
    public void Plug() => _state.Plug();

    /// <summary>Stops listening and resets what is still open; requests in flight end as faulted.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 0)
        {
            _state.Unplug();
            await _kestrel.StopAsync(new CancellationToken(canceled: true));
            _kestrel.Dispose();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    private static IOptions<KestrelServerOptions> Configure(SimulatorOptions options, SimulatorState state)
    {
        var kestrel = new KestrelServerOptions { AddServerHeader = false, ApplicationServices = NoServices.Instance };
        kestrel.Limits.MaxRequestBodySize = options.MaxRequestBytes + 1L;
        // A fault may keep silent for minutes, and a client under test may read slowly.
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(10);
        kestrel.Limits.Http2.MaxStreamsPerConnection = 1000;
        Listen(options.Port, HttpProtocols.Http1);
        if (options.Http2Port is { } port)
        {
            Listen(port, HttpProtocols.Http2);
        }

        return Microsoft.Extensions.Options.Options.Create(kestrel);

        void Listen(int port, HttpProtocols protocols) => kestrel.Listen(new IPEndPoint(options.BindAddress, port), listen =>
        {
            listen.Protocols = protocols;
            listen.Use(next => connection => state.Connections.TrackAsync(connection, next));
        });
    }

    // A write buffer of next to nothing makes a flush wait until the socket has the bytes: a cut after N words then
    // delivers exactly N words, and each chunk leaves on its own. Coalescing gives that up for speed.
    private static SocketTransportFactory Transport(SimulatorOptions options)
    {
        var sockets = new SocketTransportOptions { Backlog = 4096 };
        if (!options.CoalesceChunks)
        {
            sockets.MaxWriteBufferSize = 2;
        }

        return new SocketTransportFactory(Microsoft.Extensions.Options.Options.Create(sockets), NullLoggerFactory.Instance);
    }

    private sealed class NoServices : IServiceProvider
    {
        public static NoServices Instance { get; } = new();

        public object? GetService(Type serviceType) => null;
    }
}
