using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Relay.Gateway.Config;
using Relay.Gateway.Tests.Kit;
using Relay.Silo.Embedded;
using Relay.Simulator;
using Relay.TestKit;

namespace Relay.Gateway.Tests.Life;

/// <summary>A real gateway that follows a real file, in front of real simulators.</summary>
internal sealed class LiveRig : IAsyncDisposable
{
    private readonly ILoggerFactory _loggers;

    private LiveRig(string folder, string path, JsonObject written, SimulatorServer[] simulators)
    {
        Folder = folder;
        FilePath = path;
        Written = written;
        Simulators = simulators;
        _loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log));
    }

    public string Folder { get; }

    public string FilePath { get; }

    /// <summary>What is in the file.</summary>
    public JsonObject Written { get; private set; }

    public SimulatorServer[] Simulators { get; }

    public LogWatch Log { get; } = new();

    public RecordLog Records { get; } = new();

    /// <summary>The gateway's clock; stands still unless it is moved, so that nothing is noticed but by <see cref="Edit(Action{JsonObject})"/>.</summary>
    public ManualTimeProvider Time { get; } = new();

    public EmbeddedGrains Grains { get; private set; } = null!;

    public GatewayApp Gateway { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    /// <summary>Starts it.</summary>
    /// <param name="simulators">How many providers, p0 and on, all of them targets of chat-default.</param>
    /// <param name="change">Changes the first file.</param>
    /// <param name="simulator">The options of each simulator.</param>
    /// <param name="realTime">The watcher and all limits run on the system's clock.</param>
    /// <param name="path">Where the file goes; null: relay.json in the folder.</param>
    public static async Task<LiveRig> StartAsync(
        int simulators = 2, Action<JsonObject>? change = null, Func<int, SimulatorOptions>? simulator = null, bool realTime = false, Func<string, string>? path = null)
    {
        var folder = Directory.CreateTempSubdirectory("relay-life-").FullName;
        var servers = new SimulatorServer[simulators];
        for (var i = 0; i < simulators; i++)
        {
            servers[i] = await SimulatorServer.StartAsync(simulator?.Invoke(i) ?? new SimulatorOptions { Name = "sim-" + i, DefaultWords = 20 });
        }

        var first = FirstFile(servers);
        change?.Invoke(first);
        var rig = new LiveRig(folder, path?.Invoke(folder) ?? Path.Combine(folder, "relay.json"), first, servers);
        rig.Write(first);
        var config = ConfigLoader.Load(rig.FilePath, new ProcessEnvironment());
        Assert.True(config.IsValid, config.ToString());
        TimeProvider time = realTime ? TimeProvider.System : rig.Time;
        rig.Grains = new EmbeddedGrains(time);
        rig.Gateway = GatewayApp.Create(config.Config, new GatewayServices
        {
            Grains = rig.Grains,
            Time = time,
            Sinks = [rig.Records],
            Seed = 7,
            Loggers = rig._loggers,
            Source = new(config.Config, new ProcessEnvironment()),
        });
        await rig.Gateway.StartAsync();
        rig.Client = new HttpClient { BaseAddress = rig.Gateway.Url };
        return rig;
    }

    /// <summary>Writes the file as it is with a change and reads it at once.</summary>
    public ConfigStatus Edit(Action<JsonObject> change)
    {
        Write(Changed(change));
        return Gateway.Reload();
    }

    /// <summary>Writes any text and reads it at once.</summary>
    public ConfigStatus Edit(string text)
    {
        File.WriteAllText(FilePath, text);
        return Gateway.Reload();
    }

    /// <summary>The next attempt to put a file in force, whoever starts it. Armed before the edit.</summary>
    public Task<ConfigStatus> NextAttemptAsync()
    {
        var done = new TaskCompletionSource<ConfigStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
        Gateway.ConfigAttempted += status => done.TrySetResult(status);
        return done.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
    }

    public JsonObject Changed(Action<JsonObject> change)
    {
        var next = (JsonObject)Written.DeepClone();
        change(next);
        return next;
    }

    public void Write(JsonObject next)
    {
        Written = next;
        File.WriteAllText(FilePath, next.ToJsonString());
    }

    public Task<HttpResponseMessage> PostAsync(string model = Rig.Model, bool stream = false, string? key = null, string text = "hello") =>
        Client.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
            {
                Content = new StringContent(Rig.Body(text, stream).Replace(Rig.Model, model, StringComparison.Ordinal), Encoding.UTF8, "application/json"),
                Headers = { { "Authorization", key is null ? [] : ["Bearer " + key] } },
            },
            HttpCompletionOption.ResponseHeadersRead);

    public async Task<Kit.Chat> ChatAsync(string model = Rig.Model, bool stream = false, string? key = null, string text = "hello")
    {
        using var response = await PostAsync(model, stream, key, text);
        return await Kit.Chat.ReadAsync(response, stream);
    }

    public Task<string> ReadyAsync() => Client.GetStringAsync("/readyz");

    public string Expected(string text = "hello") => Answers.Text(Simulators[0].Options, text);

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (Gateway is not null)
        {
            await Gateway.StopAsync();
            await Gateway.DisposeAsync();
        }

        foreach (var simulator in Simulators)
        {
            await simulator.DisposeAsync();
        }

        _loggers.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static JsonObject FirstFile(SimulatorServer[] servers) => new()
    {
        ["listen"] = new JsonObject { ["gateway"] = "127.0.0.1:0", ["grpc"] = "127.0.0.1:0", ["api"] = "127.0.0.1:0", ["apiGrpc"] = "127.0.0.1:0" },
        ["providers"] = new JsonObject(servers.Select((s, i) => KeyValuePair.Create("p" + i, (JsonNode?)new JsonObject { ["baseUrl"] = s.BaseUrl + "v1" }))),
        ["models"] = new JsonObject { [Rig.Model] = Json.Model([.. servers.Select((_, i) => "p" + i)]) },
        ["defaults"] = JsonNode.Parse("""{ "retry": { "maxPerTarget": 0 } }"""),
    };
}

/// <summary>Pieces of a configuration file.</summary>
internal static class Json
{
    /// <summary>A model with a target at each provider.</summary>
    public static JsonObject Model(params string[] providers) =>
        new() { ["targets"] = new JsonArray([.. providers.Select(p => (JsonNode)$"{p}/{Rig.Upstream}")]) };

    /// <summary>Keys by name, each its own text.</summary>
    public static JsonArray Keys(params (string Name, int? PerMinute)[] keys) => new([.. keys.Select(k =>
    {
        var key = new JsonObject { ["name"] = k.Name, ["key"] = "sha256:" + Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(k.Name))) };
        if (k.PerMinute is { } perMinute)
        {
            key["requestsPerMinute"] = perMinute;
        }

        return (JsonNode)key;
    })]);
}
