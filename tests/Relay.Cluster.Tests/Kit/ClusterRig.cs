using System.Text.Json;
using Relay.Silo.Orleans;
using Relay.Simulator;
using Relay.TestKit;

namespace Relay.Cluster.Tests.Kit;

/// <summary>A cluster on loopback: a real Redis, silos, gateways and APIs as processes, and two simulated providers in the test's own.</summary>
internal sealed class ClusterRig : IAsyncDisposable
{
    public const string Model = "chat";
    public const string Primary = "sim-a/gpt-sim";
    public const string AdminToken = "admin-token-of-the-cluster";

    private readonly string _folder = Directory.CreateTempSubdirectory("relay-cluster").FullName;
    private readonly List<ClusterProcess> _all = [];
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly string _clusterId = Guid.NewGuid().ToString("N");
    private int _redisPort;

    private ClusterRig(SimulatorServer a, SimulatorServer b) => (A, B) = (a, b);

    /// <summary>The first provider.</summary>
    public SimulatorServer A { get; }

    /// <summary>The second.</summary>
    public SimulatorServer B { get; }

    public List<ClusterProcess> Silos { get; } = [];

    public List<ClusterProcess> Gateways { get; } = [];

    /// <summary>The last API that was started.</summary>
    public ClusterProcess Api { get; private set; } = null!;

    public static string? SkipReason => Require.SkipReason("redis-server", "apt-get install redis-server");

    /// <summary>Starts a cluster; returns when every part is ready and every gateway has joined.</summary>
    public static async Task<ClusterRig> StartAsync(int silos = 2, int gateways = 2, int targets = 2)
    {
        var rig = new ClusterRig(await ProviderAsync("sim-a"), await ProviderAsync("sim-b"));
        try
        {
            rig.StartRedis();
            rig.Configure(targets);
            await Task.WhenAll(Enumerable.Range(0, silos).Select(_ => rig.AddSiloAsync()));
            await Task.WhenAll(Enumerable.Range(0, gateways).Select(_ => rig.AddGatewayAsync()).Append(rig.AddApiAsync()));
            await Task.WhenAll(rig.Gateways.Select(rig.JoinedAsync));
            return rig;
        }
        catch
        {
            await rig.DisposeAsync();
            throw;
        }
    }

    public async Task<ClusterProcess> AddSiloAsync()
    {
        var (silo, gateway, http) = (ClusterProcess.FreePort(), ClusterProcess.FreePort(), ClusterProcess.FreePort());
        var process = Add("silo", "Relay.Silo.dll", http, new()
        {
            ["Orleans__Endpoints__AdvertisedIPAddress"] = "127.0.0.1",
            ["Orleans__Endpoints__SiloPort"] = silo.ToString(),
            ["Orleans__Endpoints__GatewayPort"] = gateway.ToString(),
        });
        lock (Silos)
        {
            Silos.Add(process);
        }

        await process.ReadyAsync();
        return process;
    }

    public async Task<ClusterProcess> AddGatewayAsync()
    {
        var process = Add("gateway", "Relay.Gateway.dll", ClusterProcess.FreePort(), new()
        {
            ["RELAY_CONFIG"] = Path.Combine(_folder, "relay.json"),
            ["RELAY_LISTEN_GRPC"] = $"127.0.0.1:{ClusterProcess.FreePort()}",
            ["RELAY_DRAIN_NOTICE_SECONDS"] = "1",
        });
        lock (Gateways)
        {
            Gateways.Add(process);
        }

        await process.ReadyAsync();
        return process;
    }

    public async Task AddApiAsync()
    {
        Api = Add("api", "Relay.Api.dll", ClusterProcess.FreePort(), new()
        {
            ["RELAY_LISTEN_API_GRPC"] = $"127.0.0.1:{ClusterProcess.FreePort()}",
            ["RELAY_ADMIN_TOKEN"] = AdminToken,
        });
        await Api.ReadyAsync();
    }

    /// <summary>This process's own way into the cluster.</summary>
    public ClusterLink Link() => ClusterLink.Start(
        [$"--ConnectionStrings:redis=127.0.0.1:{_redisPort}", $"--Orleans:ClusterId={_clusterId}"], Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);

    /// <summary>Waits until a gateway says that it has joined.</summary>
    public Task<TimeSpan> JoinedAsync(ClusterProcess gateway) => Eventually.TrueAsync(
        $"{gateway.Name} has joined", async () => (await gateway.ReadinessAsync()).Text.Contains("cluster=joined", StringComparison.Ordinal), () => gateway.Output);

    /// <summary>Requests of the model over a window, as the API counts them; -1 while it cannot say.</summary>
    public Task<long> RequestsAsync(string window = "5m") => FigureAsync($"api/v1/models/{Model}?window={window}", static json => json.GetProperty("requests").GetInt64());

    /// <summary>A figure of the API; -1 while it cannot say.</summary>
    public async Task<long> FigureAsync(string path, Func<JsonElement, long> read)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(Api.Url, path));
            if (!answer.IsSuccessStatusCode)
            {
                return -1;
            }

            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            var root = json.RootElement;
            return read(root.TryGetProperty("model", out var model) && model.ValueKind == JsonValueKind.Object ? model : root);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return -1;
        }
    }

    /// <summary>Waits until the API counts as many requests as the driver.</summary>
    public Task<TimeSpan> CountsAsync(long requests)
    {
        var seen = -1L;
        return Eventually.TrueAsync($"{requests} requests are counted", async () => (seen = await RequestsAsync()) == requests, () => $"Counted: {seen}.");
    }

    /// <summary>One request through a gateway; the status, or 0 without an answer.</summary>
    public async Task<int> AskAsync(ClusterProcess gateway, string model = Model)
    {
        using var body = new StringContent($$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hello"}]}""", System.Text.Encoding.UTF8, "application/json");
        try
        {
            using var answer = await _http.PostAsync(new Uri(gateway.Url, "v1/chat/completions"), body);
            _ = await answer.Content.ReadAsByteArrayAsync();
            return (int)answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _all.Reverse();
        foreach (var process in _all)
        {
            await process.DisposeAsync();
        }

        await A.DisposeAsync();
        await B.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static Task<SimulatorServer> ProviderAsync(string name) => SimulatorServer.StartAsync(
        new SimulatorOptions { Name = name, Port = 0, Latency = LatencyOptions.Of(firstTokenMs: 5, perTokenMs: 1, jitter: 0.1) });

    private void StartRedis()
    {
        _redisPort = ClusterProcess.FreePort();
        var redis = Require.FindProgram("redis-server") ?? throw new InvalidOperationException("redis-server is not on PATH: apt-get install redis-server");
        _all.Add(ClusterProcess.Start(
            "redis", redis, ["--port", _redisPort.ToString(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", _folder], new Dictionary<string, string>(), new Uri("http://127.0.0.1:1/")));
    }

    private ClusterProcess Add(string kind, string dll, int port, Dictionary<string, string> environment)
    {
        environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        environment["ConnectionStrings__redis"] = $"127.0.0.1:{_redisPort}";
        environment["Orleans__ClusterId"] = _clusterId;
        environment["DOTNET_gcServer"] = "0";
        ClusterProcess process;
        lock (_all)
        {
            process = ClusterProcess.Start($"{kind}-{_all.Count}", "dotnet", [Path.Combine(AppContext.BaseDirectory, dll)], environment, new Uri($"http://127.0.0.1:{port}/"));
            _all.Add(process);
        }

        return process;
    }

    /// <summary>Every model prefers a target of its own at the first provider.</summary>
    private void Configure(int targets)
    {
        var further = Enumerable.Range(0, targets - 2).Select(i =>
            $"\"{Model}-{i}\": {{ \"strategy\": \"priority\", \"retry\": {{ \"maxPerTarget\": 0 }}, \"targets\": [\"sim-a/gpt-sim-{i}\", \"sim-b/gpt-sim\"] }}");
        File.WriteAllText(Path.Combine(_folder, "relay.json"), $$"""
            {
              "providers": {
                "sim-a": { "dialect": "openai", "baseUrl": "{{A.BaseUrl}}v1" },
                "sim-b": { "dialect": "openai", "baseUrl": "{{B.BaseUrl}}v1" }
              },
              "models": { {{string.Join(", ", further.Prepend($"\"{Model}\": {{ \"strategy\": \"priority\", \"retry\": {{ \"maxPerTarget\": 0 }}, \"targets\": [\"{Primary}\", \"sim-b/gpt-sim\"] }}"))}} }
            }
            """);
    }
}
