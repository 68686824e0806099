using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relay.Grpc.Server;

namespace Relay.Grpc;

/// <summary>Puts gRPC on a port of its own beside HTTP's in the same application.</summary>
public static class GrpcHosting
{
    /// <summary>Calls at once on one connection: 1,000. A client that is at the limit waits with the next one, as HTTP/2 demands.</summary>
    public const int MaxStreamsPerConnection = 1_000;

    /// <summary>A connection that says nothing for this long is asked whether it is there: 30 s.</summary>
    public static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(30);

    /// <summary>A connection that does not answer for this long is closed, and its calls are cancelled: 20 s.</summary>
    public static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(20);

    /// <summary>Makes this port speak HTTP/2 without TLS (h2c, prior knowledge), and marks its requests for <see cref="UseGrpc"/>.</summary>
    public static void ServeGrpc(this ListenOptions listen)
    {
        ArgumentNullException.ThrowIfNull(listen);
        listen.Protocols = HttpProtocols.Http2;
        var limits = listen.KestrelServerOptions.Limits.Http2;
        limits.MaxStreamsPerConnection = MaxStreamsPerConnection;
        limits.KeepAlivePingDelay = PingAfter;
        limits.KeepAlivePingTimeout = PingTimeout;
        listen.Use(static next => connection =>
        {
            connection.Features.Set(Mark.Instance);
            return next(connection);
        });
    }

    /// <summary>Serves these services on the ports of <see cref="ServeGrpc"/>; requests of other ports go on to what follows.</summary>
    /// <param name="app">The application; its logger factory is used.</param>
    /// <param name="options">What holds for all calls.</param>
    /// <param name="time">The clock of deadlines.</param>
    /// <param name="services">The services; reflection is added by itself.</param>
    public static IApplicationBuilder UseGrpc(this IApplicationBuilder app, GrpcOptions options, TimeProvider time, params IReadOnlyList<GrpcService> services)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(services);
        var log = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("Relay.Grpc");
        var stopping = app.ApplicationServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var server = new GrpcServer(options, services, time, log);
        return app.Use(next => http => IsGrpc(http) ? server.InvokeAsync(http, stopping) : next(http));
    }

    /// <summary>True for a request that came to a port of <see cref="ServeGrpc"/>.</summary>
    public static bool IsGrpc(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return http.Features.Get<Mark>() is not null;
    }

    /// <summary>Answers a request of such a port with a status, before any service sees it.</summary>
    public static void Refuse(HttpContext http, GrpcStatus status)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(status);
        if (!HttpRefusal.TryRefuse(http))
        {
            http.Response.ContentType = "application/grpc";
            StatusTrailers.Write(http, status);
        }
    }

    /// <summary>Says that a connection came to a gRPC port.</summary>
    private sealed class Mark
    {
        public static readonly Mark Instance = new();
    }
}
