using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Core.Errors;
using Relay.Gateway.Admission;
using Relay.Gateway.Attempts;
using Relay.Gateway.Config;
using Relay.Gateway.Endpoints;
using Relay.Gateway.Endpoints.Grpc;
using Relay.Gateway.Recording;
using Relay.Gateway.Routing;
using Relay.Gateway.Standby;
using Relay.Gateway.Telemetry;
using Relay.Gateway.Telemetry.Content;
using Relay.Gateway.Telemetry.Metrics;
using Relay.Grpc;
using Relay.Grpc.Health;
using Relay.ServiceDefaults;
using Relay.ServiceDefaults.Metrics;
using Relay.Silo.Grains;

namespace Relay.Gateway;

/// <summary>What a gateway needs from the process that hosts it.</summary>
public sealed record GatewayServices
{
    /// <summary>The grains it reports to.</summary>
    public required IGrains Grains { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where records go besides the stats.</summary>
    public IReadOnlyList<IRecordSink> Sinks { get; init; } = [];

    /// <summary>Where it logs; the host's to dispose. Null: nowhere.</summary>
    public ILoggerFactory? Loggers { get; init; }

    /// <summary>The file to follow while running; null: the configuration stays as it is.</summary>
    public ConfigSource? Source { get; init; }

    /// <summary>The spans of requests that are sampled hold what was asked and answered. Default false.</summary>
    public bool CapturesContent { get; init; }

    /// <summary>How long a client may be too slow; more than 1 s. Tests shorten it.</summary>
    internal TimeSpan SlowClientGrace { get; init; } = GatewayApp.SlowClientGrace;

    /// <summary>Seeds jitter and weights.</summary>
    public long Seed { get; init; } = RandomNumberGenerator.GetInt32(int.MaxValue);
}

/// <summary>The gateway as an application that a host or a test starts and stops.</summary>
public sealed class GatewayApp : IAsyncDisposable
{
    /// <summary>How long a client may be slower than <see cref="Relay.Gateway.Config.ListenOptions.MinClientBytesPerSecond"/>: 5 s.</summary>
    public static readonly TimeSpan SlowClientGrace = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;
    private readonly RelayConfig _config;

    /// <summary>Raised after each attempt to change the configuration, on any thread.</summary>
    public event Action<ConfigStatus>? ConfigAttempted
    {
        add => Reloader.Attempted += value;
        remove => Reloader.Attempted -= value;
    }

    /// <summary>Raised after each standby probe with the target and what went wrong, on any thread.</summary>
    internal event Action<string, ErrorKind>? StandbyProbed
    {
        add => _app.Services.GetRequiredService<StandbyProber>().Probed += value;
        remove => _app.Services.GetRequiredService<StandbyProber>().Probed -= value;
    }

    private GatewayApp(WebApplication app, RelayConfig config)
    {
        _app = app;
        _config = config;
    }

    /// <summary>The models and targets in force, for the stats.</summary>
    public ITopology Topology => _app.Services.GetRequiredService<RoutingState>();

    /// <summary>What it has counted since it started, for /metrics.</summary>
    public IMetricsSource Metrics => _app.Services.GetRequiredService<GatewayMetricsSource>();

    /// <summary>Which configuration is in force, and what came of the last edit.</summary>
    public ConfigStatus ConfigStatus => Reloader.Status;

    /// <summary>The configuration in force.</summary>
    public RelayConfig Config => _app.Services.GetRequiredService<RoutingState>().Current.Config;

    /// <summary>Where it listens; known after the start, also for port 0.</summary>
    public Uri Url => new(Bound.First());

    /// <summary>Where it serves gRPC; known after the start, also for port 0.</summary>
    public Uri GrpcUrl => new(Bound.ElementAt(1));

    /// <summary>Creates a gateway; <see cref="StartAsync"/> starts it.</summary>
    public static GatewayApp Create(RelayConfig config, GatewayServices services)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(services);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, config, services.SlowClientGrace));
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = config.Listen.Drain);
        builder.Services.AddOwnedLifetime();
        builder.Services.AddSingleton<ILoggerFactory>(new QuietServer(services.Loggers ?? NullLoggerFactory.Instance));
        builder.Services.AddLogging();
        AddGateway(builder.Services, config, services);

        var app = builder.Build();
        UseGrpc(app, services.Time);
        app.Use(ErrorMiddleware.InvokeAsync);
        app.Use(HeadLimit.InvokeAsync);
        app.MapHealth();
        app.MapOpenAi();
        app.MapOtherForms();
        return new(app, config);
    }

    /// <summary>Starts listening.</summary>
    /// <exception cref="PortTakenException">A port is taken.</exception>
    public async Task StartAsync(CancellationToken cancellation = default)
    {
        try
        {
            await _app.StartAsync(cancellation);
        }
        catch (IOException e)
        {
            // They are bound in this order.
            throw Bound.Count == 0
                ? new PortTakenException("listen.gateway", _config.Listen.Gateway, e)
                : new PortTakenException("listen.grpc", _config.Listen.Grpc, e);
        }

        var log = _app.Services.GetRequiredService<ILogger<GatewayApp>>();
        var table = _app.Services.GetRequiredService<RoutingState>().Current;
        Log.Listening(log, Url.ToString(), GrpcUrl.Authority, table.Models.Count, table.States.Count, _config.Version);
        if (_config.Keys.IsEmpty)
        {
            Log.LoopbackOnly(log);
        }
    }

    /// <summary>Reads the configuration's file at once and puts it in force when it is right. Without a file to follow nothing happens.</summary>
    /// <returns>What is in force then, and what came of it.</returns>
    public ConfigStatus Reload() => Reloader.Check(always: true);

    /// <summary>Brings everything that was counted so far into the grains, so that a reader sees it.</summary>
    public Task FlushAsync(CancellationToken cancellation = default) =>
        _app.Services.GetRequiredService<Flusher>().FlushAsync(cancellation);

    /// <summary>Says on /readyz that it is about to stop, and goes on serving: load balancers take it out before <see cref="StopAsync"/>.</summary>
    public void AnnounceStop() => _app.Services.GetRequiredService<Readiness>().IsStopping = true;

    /// <summary>Stops listening, lets open requests end within <see cref="Relay.Gateway.Config.ListenOptions.Drain"/>, and flushes.</summary>
    public Task StopAsync(CancellationToken cancellation = default) => _app.StopAsync(cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>The limit on requests, for tests.</summary>
    internal AdmissionGate Gate => _app.Services.GetRequiredService<AdmissionGate>();

    /// <summary>The limit on connections, for tests.</summary>
    internal ConnectionLimit Connections => _app.Services.GetRequiredService<ConnectionLimit>();

    /// <summary>The addresses that listen, HTTP's first.</summary>
    private ICollection<string> Bound => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;

    private ConfigReloader Reloader => _app.Services.GetRequiredService<ConfigReloader>();

    /// <summary>Everything behind the endpoints.</summary>
    internal static void AddGateway(IServiceCollection all, RelayConfig config, GatewayServices host)
    {
        all.AddSingleton(host.Time);
        all.AddSingleton(host.Grains);
        all.AddSingleton(config);
        all.AddSingleton(new Sampler(host.Seed));
        all.AddSingleton<AdmissionGate>();
        all.AddSingleton<ConnectionLimit>();
        all.AddSingleton<TableParts>();
        all.AddSingleton<RoutingState>();
        all.AddSingleton<GatewayMetrics>();
        all.AddSingleton<GatewayMetricsSource>();
        all.AddSingleton<DiagnosticSource, RefusedRequests>();
        all.AddSingleton(new TelemetryContent(host.CapturesContent));
        all.AddSingleton<AttemptRunner>();
        all.AddSingleton<AttemptLoop>();
        all.AddSingleton<RelayPipeline>();
        all.AddSingleton<Readiness>();
        all.AddSingleton<ChatService>();
        all.AddSingleton<Flusher>();
        all.AddHostedService(provider => provider.GetRequiredService<Flusher>());
        all.AddSingleton(provider => new ConfigReloader(
            host.Source, provider.GetRequiredService<RoutingState>(), host.Time, provider.GetRequiredService<ILogger<ConfigReloader>>()));
        all.AddHostedService<ConfigWatcher>();
        all.AddSingleton<StandbyProbe>();
        all.AddSingleton<StandbyProber>();
        all.AddHostedService(provider => provider.GetRequiredService<StandbyProber>());
        all.AddSingleton(provider => new Recorder(host.Sinks, provider.GetRequiredService<GatewayMetrics>(), host.Time, provider.GetRequiredService<ILogger<Recorder>>()));
    }

    /// <summary>Calls have limits and errors of their own, so that they are served before HTTP's stages.</summary>
    private static void UseGrpc(WebApplication app, TimeProvider time)
    {
        var chat = app.Services.GetRequiredService<ChatService>().Create();
        app.UseGrpc(new GrpcOptions(), time, chat, new HealthService(chat.Descriptor.FullName).Service);
    }

    private static void Configure(KestrelServerOptions kestrel, RelayConfig config, TimeSpan slowClientGrace)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        kestrel.Limits.MaxRequestBodySize = config.Limits.MaxRequestBodyBytes;
        var slowest = config.Listen.MinClientBytesPerSecond == 0 ? null : new MinDataRate(config.Listen.MinClientBytesPerSecond, slowClientGrace);
        kestrel.Limits.MinRequestBodyDataRate = slowest;
        kestrel.Limits.MinResponseDataRate = slowest;
        kestrel.Limits.MaxRequestLineSize = HeadLimit.Headroom * HeadLimit.MaxTarget;
        kestrel.Limits.MaxRequestHeadersTotalSize = HeadLimit.Headroom * HeadLimit.MaxTotal;
        kestrel.Limits.MaxRequestHeaderCount = HeadLimit.Headroom * HeadLimit.MaxCount;
        kestrel.Listen(config.Listen.Gateway, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            var limit = kestrel.ApplicationServices.GetRequiredService<ConnectionLimit>();
            listen.Use(next => connection => limit.InvokeAsync(connection, next));
            listen.Use(next => connection => RefusedRequests.ConnectAsync(connection, next));
        });
        kestrel.Listen(config.Listen.Grpc, listen =>
        {
            var limit = kestrel.ApplicationServices.GetRequiredService<ConnectionLimit>();
            listen.Use(next => connection => limit.InvokeAsync(connection, next));
            listen.ServeGrpc();
        });
    }
}
