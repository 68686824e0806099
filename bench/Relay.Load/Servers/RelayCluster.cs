using System.Globalization;
using Relay.Load.Os;

namespace Relay.Load.Servers;

/// <summary>Relay as a cluster: Redis, two silos and the gateway that is measured, each a process.</summary>
internal sealed class RelayCluster : IAsyncDisposable
{
    private const int Silos = 2;

    private static readonly TimeSpan JoinLimit = TimeSpan.FromSeconds(60);

    private readonly List<ServerProcess> _helpers = [];
    private readonly string _folder;
    private readonly int _redis = FreePort.Take();

    private RelayCluster(string folder) => _folder = folder;

    /// <summary>Starts it; null when the cluster's programs are not built, or there is no Redis.</summary>
    /// <param name="folder">The gateway's folder.</param>
    /// <param name="config">Its configuration.</param>
    /// <param name="probed">The environment that makes it tell of its memory.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>The gateway, where it answers, and the rest, to be ended after it.</returns>
    public static async Task<(ServerProcess Gateway, Uri Url, RelayCluster Others)?> StartAsync(
        string folder, string config, IReadOnlyDictionary<string, string> probed, CancellationToken stop)
    {
        if (Built.ClusterProgram("Relay.Silo") is not { } silo || Built.ClusterProgram("Relay.Gateway") is not { } gateway || Built.Redis is not { } redis)
        {
            return null;
        }

        var cluster = new RelayCluster(folder);
        try
        {
            await cluster.AddAsync(new ServerStart("redis", redis, "--port", Text(cluster._redis), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"), cluster._redis, stop);
            for (var i = 0; i < Silos; i++)
            {
                var http = FreePort.Take();
                var places = new Dictionary<string, string>
                {
                    ["Orleans__Endpoints__AdvertisedIPAddress"] = "127.0.0.1",
                    ["Orleans__Endpoints__SiloPort"] = Text(FreePort.Take()),
                    ["Orleans__Endpoints__GatewayPort"] = Text(FreePort.Take()),
                };
                await cluster.AddAsync(cluster.Start("silo", silo, http, places), http, stop);
            }

            var port = FreePort.Take();
            var settings = probed.Append(KeyValuePair.Create("RELAY_CONFIG", config)).Append(KeyValuePair.Create("RELAY_DRAIN_NOTICE_SECONDS", "0"));
            var process = await ServerProcess.StartAsync(cluster.Start("gateway", gateway, port, settings), port, stop);
            var url = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));
            await JoinedAsync(process, url, stop);
            return (process, url, cluster);
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var helper in Enumerable.Reverse(_helpers))
        {
            await helper.DisposeAsync();
        }
    }

    private static async Task JoinedAsync(ServerProcess gateway, Uri url, CancellationToken stop)
    {
        using var http = new HttpClient();
        var until = Clock.Now + Clock.Ticks(JoinLimit);
        while (!(await http.GetStringAsync(new Uri(url, "readyz"), stop)).Contains("cluster=joined", StringComparison.Ordinal))
        {
            if (Clock.Now > until)
            {
                await gateway.DisposeAsync();
                throw new IOException($"the gateway did not join its cluster.\n{gateway.Tail()}");
            }

            await Wait.ForAsync(TimeSpan.FromMilliseconds(100), stop);
        }
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private ServerStart Start(string name, string program, int port, IEnumerable<KeyValuePair<string, string>> settings) => new(name, "dotnet", program)
    {
        Folder = _folder,
        Environment = new Dictionary<string, string>(settings)
        {
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:" + Text(port),
            ["RELAY_LISTEN_GRPC"] = "127.0.0.1:" + Text(FreePort.Take()),
            ["ConnectionStrings__redis"] = "127.0.0.1:" + Text(_redis),
            ["Orleans__ClusterId"] = "load-" + Text(_redis),
        },
    };

    private async Task AddAsync(ServerStart start, int port, CancellationToken stop) => _helpers.Add(await ServerProcess.StartAsync(start, port, stop));
}
