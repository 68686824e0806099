using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.ServiceDefaults.Metrics;

namespace Relay.Api.Http;

/// <summary>GET /metrics: the figures of this process for Prometheus.</summary>
internal static class MetricsEndpoint
{
    /// <summary>Maps it.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder app, IReadOnlyList<IMetricsSource> sources) =>
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
}
