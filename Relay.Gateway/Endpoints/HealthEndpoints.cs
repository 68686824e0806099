using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Relay.Gateway.Config;

namespace Relay.Gateway.Endpoints;

/// <summary>Is the process alive, and should traffic come to it?</summary>
internal static class HealthEndpoints
{
    /// <summary>Maps /healthz and /readyz.</summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz", (RequestDelegate)(http => SendAsync(http, ready: true, "ok")));
        app.MapGet("/readyz", (RequestDelegate)ReadyAsync);
    }

    private static Task ReadyAsync(HttpContext http)
    {
        // A load balancer takes the process out while it drains; open requests still end.
        var readiness = http.RequestServices.GetRequiredService<Readiness>();
        var stopping = readiness.IsStopping || http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested;

        // A wrong edit takes nothing out: what was in force still is.
        var status = http.RequestServices.GetRequiredService<ConfigReloader>().Status;
        return stopping ? SendAsync(http, ready: false, "draining") : SendAsync(http, ready: true, $"ready {status}{readiness.Cluster}");
    }

    private static Task SendAsync(HttpContext http, bool ready, string text)
    {
        http.Response.StatusCode = ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = "text/plain";
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.WriteAsync(text + "\n");
    }
}
