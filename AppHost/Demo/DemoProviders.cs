using System.Collections.Frozen;
using Relay.Gateway.Config;
using Relay.Simulator;

namespace Relay.AppHost.Demo;

/// <summary>The simulated providers of the demo, and the configuration that points at them.</summary>
public sealed class DemoProviders : IAsyncDisposable
{
    /// <summary>The ports that the demo's providers take when they are free.</summary>
    public static readonly IReadOnlyList<int> Ports = [9101, 9102];

    private readonly List<SimulatorServer> _servers = [];

    /// <summary>The running providers.</summary>
    public IReadOnlyList<SimulatorServer> Servers => _servers;

    /// <summary>Starts them. A port that is taken is replaced by a free one.</summary>
    /// <param name="anyPort">Take free ports from the start.</param>
    /// <param name="cancellation">Stops the start.</param>
    public async Task StartAsync(bool anyPort, CancellationToken cancellation)
    {
        for (var i = 0; i < Ports.Count; i++)
        {
            var options = new SimulatorOptions
            {
                Name = i == 0 ? "sim-a" : "sim-b",
                Port = anyPort ? 0 : Ports[i],
                Latency = LatencyOptions.Of(firstTokenMs: 150, perTokenMs: 20, jitter: 0.3),
            };
            _servers.Add(await StartOneAsync(options, cancellation));
        }
    }

    /// <summary>The demo's configuration, pointing at the providers as they run.</summary>
    public RelayConfig Configure()
    {
        using var json = typeof(DemoProviders).Assembly.GetManifestResourceStream("demo.json")!;
        var bytes = new byte[json.Length];
        json.ReadExactly(bytes);
        var read = ConfigLoader.Parse(bytes, null, new ProcessEnvironment());
        var config = read.Config ?? throw new InvalidOperationException($"The built-in demo configuration is broken: {read}");
        var moved = config.Providers.Values.Select(p => p with { BaseUrl = new Uri(_servers.Single(s => s.Options.Name == p.Name).BaseUrl, "v1") });
        return config with { Version = "demo", Providers = moved.ToFrozenDictionary(p => p.Name) };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private static async Task<SimulatorServer> StartOneAsync(SimulatorOptions options, CancellationToken cancellation)
    {
        try
        {
            return await SimulatorServer.StartAsync(options, cancellation);
        }
        catch (IOException) when (options.Port != 0)
        {
            return await SimulatorServer.StartAsync(options with { Port = 0 }, cancellation);
        }
    }
}
