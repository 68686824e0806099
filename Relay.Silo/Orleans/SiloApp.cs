using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relay.ServiceDefaults;
using Relay.ServiceDefaults.Telemetry;
using Relay.Silo.Grains;

namespace Relay.Silo.Orleans;

/// <summary>A silo as a process: hosts grains, and tells over HTTP how it is. SIGTERM lets it hand its grains on first.</summary>
public static class SiloApp
{
    /// <summary>How long it may take to hand its grains on: 25 s, below the 30 s that orchestrators give.</summary>
    public static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(25);

    /// <summary>Builds it.</summary>
    /// <param name="args">The command line, for settings such as <c>--urls</c>.</param>
    /// <param name="telemetry">Where its logs and figures go besides; the caller ends it.</param>
    public static WebApplication Build(string[] args, RelayTelemetry telemetry)
    {
        ArgumentNullException.ThrowIfNull(telemetry);
        var builder = WebApplication.CreateBuilder(args);
        builder.Configuration.AddClusterDefaults();
        telemetry.AddTo(builder.Logging.AddRelayLogging());
        builder.Services.AddSingleton(new SliceClock(TimeProvider.System));
        builder.Services.AddClusterRedis(builder.Configuration);
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = ShutdownLimit);

        // Before Orleans' own service, whose start ends only when the silo has joined.
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddHostedService<StaleSilos>();
        builder.UseOrleans(ClusterSettings.Apply);

        var app = builder.Build();
        telemetry.TellTo(app.Services.GetRequiredService<ILoggerFactory>());
        app.MapGet("/healthz", static () => Results.Text("ok\n"));
        app.MapGet("/readyz", static (ISiloStatusOracle silo) => silo.CurrentStatus == SiloStatus.Active
            ? Results.Text("ready\n")
            : Results.Text(silo.CurrentStatus + "\n", statusCode: StatusCodes.Status503ServiceUnavailable));
        return app;
    }
}
