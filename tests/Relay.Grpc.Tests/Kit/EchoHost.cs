using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relay.Grpc.Health;
using Relay.Grpc.Tests.Echoes;

namespace Relay.Grpc.Tests.Kit;

/// <summary>The echo service on a gRPC port, with an HTTP port beside it, as the gateway and the API have them.</summary>
internal sealed class EchoHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EchoHost(WebApplication app, EchoService echo, HealthService health, MemoryLog log) =>
        (_app, Echo, Health, Log) = (app, echo, health, log);

    public static string ServiceName => EchoReflection.Descriptor.Services[0].FullName;

    public EchoService Echo { get; }

    public HealthService Health { get; }

    public MemoryLog Log { get; }

    public Uri Grpc => Address(0);

    public Uri Http => Address(1);

    public static async Task<EchoHost> StartAsync(
        GrpcOptions? options = null, TimeProvider? time = null, Func<GrpcCall, Func<ValueTask>, ValueTask>? around = null, Action<KestrelServerOptions>? kestrel = null, GrpcService? extra = null)
    {
        var log = new MemoryLog();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            // As tight as the API's: gRPC has its own limit.
            server.Limits.MaxRequestBodySize = 0;
            kestrel?.Invoke(server);
            server.Listen(IPAddress.Loopback, 0, listen => listen.ServeGrpc());
            server.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddSingleton<ILoggerFactory>(log);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        var app = builder.Build();
        var echo = new EchoService(around);
        var health = new HealthService(ServiceName);
        GrpcService[] services = [echo.Service, health.Service, .. extra is null ? [] : new[] { extra }];
        app.UseGrpc(options ?? new GrpcOptions(), time ?? TimeProvider.System, services);
        app.Run(http => http.Response.WriteAsync("not gRPC"));
        await app.StartAsync(Patience.Token);
        return new EchoHost(app, echo, health, log);
    }

    public Task StopAsync() => _app.StopAsync(Patience.Token);

    public ValueTask DisposeAsync()
    {
        Echo.LetGo.TrySetResult();
        return _app.DisposeAsync();
    }

    private Uri Address(int port) => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ElementAt(port));
}
