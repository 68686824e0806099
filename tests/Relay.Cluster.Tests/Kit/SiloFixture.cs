using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relay.Silo.Grains;

namespace Relay.Cluster.Tests.Kit;

/// <summary>One silo in this process, with membership in memory, and a client beside it that reaches it over a socket: what travels is really serialized.</summary>
public sealed class SiloFixture : IAsyncLifetime
{
    private readonly IHost _silo;
    private readonly IHost _client;
    private SliceClock _clock = new(TimeProvider.System);

    public SiloFixture()
    {
        var (siloPort, gatewayPort) = (ClusterProcess.FreePort(), ClusterProcess.FreePort());
        var silo = Host.CreateApplicationBuilder();
        silo.Logging.SetMinimumLevel(LogLevel.Critical);
        silo.Services.AddTransient(_ => Volatile.Read(ref _clock));
        silo.UseOrleans(orleans => orleans.UseLocalhostClustering(siloPort, gatewayPort));
        _silo = silo.Build();

        var client = Host.CreateApplicationBuilder();
        client.Logging.SetMinimumLevel(LogLevel.Critical);
        client.UseOrleansClient(orleans => orleans.UseLocalhostClustering(gatewayPort));
        _client = client.Build();
    }

    public IClusterClient Client => _client.Services.GetRequiredService<IClusterClient>();

    public IServiceProvider SiloServices => _silo.Services;

    /// <summary>Grains that a test makes from here on live on this clock.</summary>
    internal void Use(TimeProvider time) => Volatile.Write(ref _clock, new SliceClock(time));

    public async ValueTask InitializeAsync()
    {
        await _silo.StartAsync();
        await _client.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _client.StopAsync();
        await _silo.StopAsync();
        _client.Dispose();
        _silo.Dispose();
    }
}
