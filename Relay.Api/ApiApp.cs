using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Api.Admin;
using Relay.Api.Dashboard;
using Relay.Api.Grpc;
using Relay.Api.Http;
using Relay.Api.Live;
using Relay.Api.Stats;
using Relay.Grpc;
using Relay.Grpc.Health;
using Relay.ServiceDefaults;
using Relay.ServiceDefaults.Metrics;
using Relay.Silo.Grains;

namespace Relay.Api;

/// <summary>
/// The API's server: the live page and the stats behind it on one port, the same stats over gRPC on another.
/// <code>
/// request -> security headers -> host and origin (403) -> error shape (404, 405, 500) -> endpoint -> StatsQuery -> grains
/// call    ->                     host and origin (PERMISSION_DENIED) ------------------> service  -> StatsQuery -> grains
/// </code>
/// Reads no configuration file, environment variable or signal; whoever creates it starts and stops it.
/// </summary>
public sealed class ApiApp : IAsyncDisposable
{
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(5);

    /// <summary>Requests are names and a few numbers.</summary>
    private static readonly GrpcOptions GrpcLimits = new() { MaxRequestBytes = 64 * 1024 };

    private readonly WebApplication _app;
    private readonly GrpcReadiness _readiness;
    private Task _watchingReadiness = Task.CompletedTask;

    private ApiApp(WebApplication app, WatchHub hub, GrpcReadiness readiness) => (_app, Hub, _readiness) = (app, hub, readiness);

    /// <summary>Who watches.</summary>
    internal WatchHub Hub { get; }

    /// <summary>Everything that is mapped.</summary>
    internal IEnumerable<RouteEndpoint> Routes => ((IEndpointRouteBuilder)_app).DataSources.SelectMany(source => source.Endpoints).Cast<RouteEndpoint>();

    /// <summary>Where it listens, with the port that was picked.</summary>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public IPEndPoint EndPoint
    {
        get => field ?? throw new InvalidOperationException("The API has not been started.");
        private set;
    }

    /// <summary>Where it listens for gRPC, with the port that was picked.</summary>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public IPEndPoint GrpcEndPoint
    {
        get => field ?? throw new InvalidOperationException("The API has not been started.");
        private set;
    }

    /// <summary>The page's address, for people on this machine.</summary>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public Uri Url
    {
        get
        {
            var isAny = EndPoint.Address.Equals(IPAddress.Any) || EndPoint.Address.Equals(IPAddress.IPv6Any);
            return new Uri($"http://{(isAny ? new IPEndPoint(IPAddress.Loopback, EndPoint.Port) : EndPoint)}/");
        }
    }

    /// <summary>Creates the API; it does not listen yet.</summary>
    /// <param name="options">What it is started with.</param>
    /// <param name="grains">Where the figures are.</param>
    /// <param name="topology">What is configured; asked anew for each request.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where it logs; the caller's to dispose. Null: nowhere.</param>
    /// <param name="metrics">What <c>/metrics</c> shows: the parts of this process.</param>
    /// <exception cref="ArgumentException">An allowed host is not a host.</exception>
    public static ApiApp Create(ApiOptions options, IGrains grains, ITopology topology, TimeProvider time, ILoggerFactory? loggers = null, IReadOnlyList<IMetricsSource>? metrics = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(grains);
        ArgumentNullException.ThrowIfNull(topology);
        ArgumentNullException.ThrowIfNull(time);
        loggers ??= NullLoggerFactory.Instance;
        var app = Build(options, loggers);
        var log = loggers.CreateLogger<ApiApp>();

        var stats = new StatsQuery(grains, topology, time);
        var hub = new WatchHub(stats, time, log);
        app.Lifetime.ApplicationStopping.Register(hub.Stop);
        var gate = new AdminGate(options.AdminTokenSha256, time, log);
        var audit = new AuditLog(log);
        var control = new BreakerControl(stats, audit, time);
        var health = new HealthService(StatsService.Name);

        app.Use(SecurityHeaders.InvokeAsync);
        app.Use(new HostGuard(options).InvokeAsync);
        app.UseGrpc(GrpcLimits, time, new StatsService(stats, hub, gate, control, options, topology, time).Create(), health.Service);
        app.Use(new ErrorAnswers(log).InvokeAsync);
        app.UseRouting();
        app.MapPage();
        app.MapInfo(options, topology);
        app.MapProviders(topology, time);
        app.MapModels(stats);
        app.MapTargets(stats);
        app.MapSeries(stats);
        new TrailEndpoint(stats, time).Map(app);
        app.MapHeatmap(stats);
        app.MapFailovers(stats);
        app.MapWatch(hub, time);
        app.MapOpenApi();
        new BreakerEndpoints(stats, control, gate).Map(app);
        app.MapAudit(audit, gate, time);
        app.MapMetrics([.. metrics ?? [], hub, gate]);
        app.MapHealth(grains, topology, time, log);
        var readiness = new GrpcReadiness(health, cancellation => HealthEndpoints.CheckAsync(grains, topology, time, cancellation), time, log, app.Lifetime.ApplicationStopping);
        return new ApiApp(app, hub, readiness);
    }

    /// <summary>Starts to listen.</summary>
    /// <exception cref="IOException">A port is taken.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        await _app.StartAsync(cancellation);
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        EndPoint = ToEndPoint(addresses.First());
        GrpcEndPoint = ToEndPoint(addresses.Last());
        _watchingReadiness = _readiness.RunAsync();
    }

    /// <summary>Stops to listen, and lets answers under way finish, for 5 s at most.</summary>
    public Task StopAsync(CancellationToken cancellation) => _app.StopAsync(cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Hub.Stop();
        _app.Lifetime.StopApplication();
        await _watchingReadiness;
        await _app.DisposeAsync();
        await Hub.DisposeAsync();
    }

    private static IPEndPoint ToEndPoint(string address)
    {
        var uri = new Uri(address);
        return new IPEndPoint(IPAddress.Parse(uri.Host), uri.Port);
    }

    /// <summary>The empty builder, because the others read files and environment variables, and watch the files.</summary>
    private static WebApplication Build(ApiOptions options, ILoggerFactory loggers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            ApiLimits.Apply(kestrel);
            kestrel.Listen(options.Listen, static listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(options.GrpcListen, static listen => listen.ServeGrpc());
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(loggers);
        builder.Services.AddOwnedLifetime();
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = ShutdownLimit);
        return builder.Build();
    }
}
