using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Relay.ServiceDefaults;
using Relay.ServiceDefaults.Metrics;

namespace Relay.Gateway.Cluster;

/// <summary>A gateway's own figures for Prometheus, on a port of their own: clients have no business there.</summary>
internal static class MetricsServer
{
    /// <summary>Where it listens; nowhere when it is not set.</summary>
    public const string Variable = "RELAY_LISTEN_METRICS";

    /// <summary>Starts it where the environment says; null when it says nothing.</summary>
    /// <param name="sources">What it shows.</param>
    /// <param name="cancellation">Stops the start.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<WebApplication?> StartAsync(IReadOnlyList<IMetricsSource> sources, CancellationToken cancellation)
    {
        if (ListenSettings.Read(Variable, usesUrls: false) is not { } endpoint)
        {
            return null;
        }

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(endpoint));
        builder.Services.AddRoutingCore();
        builder.Services.AddOwnedLifetime();
        var app = builder.Build();
        app.MapGet("/metrics", (RequestDelegate)(async http =>
        {
            var text = new MetricsText();
            foreach (var source in sources)
            {
                source.Write(text);
            }

            http.Response.ContentType = MetricsText.ContentType;
            http.Response.ContentLength = text.Written.Length;
            await http.Response.BodyWriter.WriteAsync(text.Written, http.RequestAborted);
        }));
        await app.StartAsync(cancellation);
        return app;
    }
}
