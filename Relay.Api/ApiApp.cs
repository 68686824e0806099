using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Api.Admin;
using Relay.Api.Dashboard;
using Relay.Api.Http;
using Relay.Api.Live;
using Relay.Api.Stats;
using Relay.ServiceDefaults;
using Relay.ServiceDefaults.Metrics;
using Relay.Silo.Grains;

namespace Relay.Api;

/// <summary>
/// The API's server: the live page and the stats behind it, on one port.
/// <code>
/// request -> security headers -> host and origin (403) -> error shape (404, 405, 500) -> endpoint -> StatsQuery -> grains
/// </code>
/// Reads no configuration file, environment variable or signal; whoever creates it starts and stops it.
/// </summary>
public sealed class ApiApp : IAsyncDisposable
{
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;

    private ApiApp(WebApplication app, WatchHub hub) => (_app, Hub) = (app, hub);

    /// <summary>Who watches.</summary>
    internal WatchHub Hub { get; }

    /// <summary>Where it listens, with the port that was picked.</summary>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public IPEndPoint EndPoint
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

        app.Use(SecurityHeaders.InvokeAsync);
        app.Use(new HostGuard(options).InvokeAsync);
        app.Use(new ErrorAnswers(log).InvokeAsync);
        app.UseRouting();
        app.MapPage();
        app.MapInfo(options, topology);
        app.MapProviders(topology, time);
        var stats = new StatsQuery(grains, topology, time);
        app.MapModels(stats);
        app.MapTargets(stats);
        app.MapSeries(stats);
        new TrailEndpoint(stats, time).Map(app);
        var hub = new WatchHub(stats, time, log);
        app.Lifetime.ApplicationStopping.Register(hub.Stop);
        app.MapWatch(hub, time);
        app.MapHeatmap(stats);
        app.MapFailovers(stats);
        var gate = new AdminGate(options.AdminTokenSha256, time, log);
        var audit = new AuditLog(log);
        new BreakerEndpoints(stats, new BreakerControl(stats, audit, time), gate).Map(app);
        app.MapAudit(audit, gate, time);
        app.MapMetrics([.. metrics ?? [], hub, gate]);
        app.MapHealth(grains, topology, time, log);
        return new ApiApp(app, hub);
    }

    /// <summary>Starts to listen.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        await _app.StartAsync(cancellation);
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        var address = new Uri(addresses.Single());
        EndPoint = new IPEndPoint(IPAddress.Parse(address.Host), address.Port);
    }

    /// <summary>Stops to listen, and lets answers under way finish, for 5 s at most.</summary>
    public Task StopAsync(CancellationToken cancellation) => _app.StopAsync(cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Hub.Stop();
        await _app.DisposeAsync();
        await Hub.DisposeAsync();
    }

    /// <summary>The empty builder, because the others read files and environment variables, and watch the files.</summary>
    private static WebApplication Build(ApiOptions options, ILoggerFactory loggers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            ApiLimits.Apply(kestrel);
            kestrel.Listen(options.Listen, static listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(loggers);
        builder.Services.AddOwnedLifetime();
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = ShutdownLimit);
        return builder.Build();
    }
}
