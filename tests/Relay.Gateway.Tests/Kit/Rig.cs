using System.Collections.Frozen;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Relay.Core.Attempts;
using Relay.Core.Breaker;
using Relay.Core.Cost;
using Relay.Core.Routing;
using Relay.Core.Slow;
using Relay.Gateway.Config;
using Relay.Gateway.Recording;
using Relay.ServiceDefaults.Metrics;
using Relay.Silo.Embedded;
using Relay.Silo.Grains;
using Relay.Simulator;

namespace Relay.Gateway.Tests.Kit;

/// <summary>A real gateway in front of real simulators, all on free loopback ports.</summary>
internal sealed class Rig : IAsyncDisposable
{
    public const string Model = "chat-default";
    public const string Upstream = "gpt-sim";

    private Rig(GatewayApp gateway, SimulatorServer[] simulators, EmbeddedGrains grains, RecordLog records, MemoryLog log)
    {
        Gateway = gateway;
        Simulators = simulators;
        Grains = grains;
        Records = records;
        Log = log;
        Client = new HttpClient { BaseAddress = gateway.Url };
    }

    public GatewayApp Gateway { get; }

    public SimulatorServer[] Simulators { get; }

    public SimulatorServer Primary => Simulators[0];

    public SimulatorServer Fallback => Simulators[1];

    public EmbeddedGrains Grains { get; }

    public RecordLog Records { get; }

    public MemoryLog Log { get; }

    public HttpClient Client { get; }

    public static async Task<Rig> StartAsync(RigOptions? options = null)
    {
        options ??= new RigOptions();
        var simulators = new SimulatorServer[options.Simulators];
        for (var i = 0; i < simulators.Length; i++)
        {
            simulators[i] = await SimulatorServer.StartAsync(options.Simulator(i));
        }

        var records = new RecordLog();
        var log = new MemoryLog();
        var grains = new EmbeddedGrains(TimeProvider.System);
        var config = options.Config(options.BuildConfig([.. options.Upstreams, .. simulators.Select(s => s.BaseUrl)]));
        var gateway = GatewayApp.Create(config, new GatewayServices
        {
            Grains = options.Grains(grains),
            SlowClientGrace = options.SlowClientGrace,
            Sinks = [records, .. options.Sinks],
            Time = options.Time,
            Seed = 7,
            Loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log)),
        });
        await gateway.StartAsync();
        return new(gateway, simulators, grains, records, log);
    }

    public Task<HttpResponseMessage> PostAsync(string json, string path = "/v1/chat/completions", CancellationToken cancellation = default) =>
        Client.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") },
            HttpCompletionOption.ResponseHeadersRead,
            cancellation);

    public async Task<Chat> ChatAsync(string text = "hello", bool stream = false, string extra = "")
    {
        using var response = await PostAsync(Body(text, stream, extra));
        return await Chat.ReadAsync(response, stream);
    }

    public static string Body(string text = "hello", bool stream = false, string extra = "") =>
        $$"""{"model":"{{Model}}","messages":[{"role":"user","content":{{JsonSerializer.Serialize(text)}}}]{{(stream ? ",\"stream\":true" : "")}}{{extra}}}""";

    /// <summary>The same fault for every request at every simulator.</summary>
    public void Break(string fault)
    {
        foreach (var simulator in Simulators)
        {
            simulator.Faults.Add("*", fault);
        }
    }

    /// <summary>What /metrics says now.</summary>
    public string Scrape()
    {
        var text = new MetricsText();
        Gateway.Metrics.Write(text);
        return Encoding.UTF8.GetString(text.Written.Span);
    }

    public string Expected(string text = "hello") => Answers.Text(Primary.Options, text);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Gateway.StopAsync();
        await Gateway.DisposeAsync();
        foreach (var simulator in Simulators)
        {
            await simulator.DisposeAsync();
        }
    }
}

/// <summary>What a test wants of its rig.</summary>
internal sealed record RigOptions
{
    public int Simulators { get; init; } = 2;

    /// <summary>Upstreams of the test's own; their targets come before the simulators'.</summary>
    public IReadOnlyList<Uri> Upstreams { get; init; } = [];

    public Func<int, SimulatorOptions> Simulator { get; init; } = i => new SimulatorOptions { Name = "sim-" + i, DefaultWords = 20 };

    /// <summary>Short enough for tests, long enough that a busy machine does not trip them.</summary>
    public TimeoutOptions Timeouts { get; init; } = TimeoutOptions.Default;

    public RetryOptions Retry { get; init; } = RetryOptions.Default with { BackoffBase = TimeSpan.FromMilliseconds(5), BackoffMax = TimeSpan.FromMilliseconds(20) };

    public RescueOptions Rescue { get; init; } = RescueOptions.Default;

    /// <summary>For tests of what a client is told when nobody goes on.</summary>
    public static RescueOptions NoRescue { get; } = RescueOptions.Default with { Enabled = false };

    /// <summary>What each provider speaks.</summary>
    public Func<int, Dialect> Dialect { get; init; } = _ => default;

    /// <summary>Whether the targets are known to go on with an assistant's message.</summary>
    public bool? Prefill { get; init; }

    public BreakerOptions Breaker { get; init; } = BreakerOptions.Default;

    public SlowOptions Slow { get; init; } = SlowOptions.Default;

    public RoutingStrategy Strategy { get; init; }

    /// <summary>The gateway's clock; simulators and sockets keep the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public IReadOnlyList<IRecordSink> Sinks { get; init; } = [];

    /// <summary>What the gateway reports to, in front of the rig's grains.</summary>
    public Func<IGrains, IGrains> Grains { get; init; } = grains => grains;

    public TimeSpan SlowClientGrace { get; init; } = GatewayApp.SlowClientGrace;

    public Func<RelayConfig, RelayConfig> Config { get; init; } = c => c;

    private static string BasePath(Dialect dialect) => dialect switch
    {
        Relay.Gateway.Config.Dialect.Azure => "/",
        Relay.Gateway.Config.Dialect.Gemini => "/v1beta",
        _ => "/v1",
    };

    public RelayConfig BuildConfig(Uri[] urls)
    {
        var providers = urls.Select((url, i) => new ProviderOptions { Name = "p" + i, Dialect = Dialect(i), BaseUrl = new Uri(url, BasePath(Dialect(i))), ApiKey = new Secret("sk-upstream-secret") });
        var targets = urls.Select((_, i) => new TargetOptions { Provider = "p" + i, UpstreamModel = Rig.Upstream, Prefill = Prefill });
        var model = new ModelOptions { Name = Rig.Model, Targets = [.. targets], Timeouts = Timeouts, Retry = Retry, Rescue = Rescue, Breaker = Breaker, Slow = Slow, Strategy = Strategy };
        var price = new Price(new PriceRates { Input = 2m, CachedInput = 0.5m, Output = 8m });
        return new RelayConfig
        {
            Listen = new ListenOptions { Gateway = new IPEndPoint(IPAddress.Loopback, 0), Grpc = new IPEndPoint(IPAddress.Loopback, 0), Api = new IPEndPoint(IPAddress.Loopback, 0), ApiGrpc = new IPEndPoint(IPAddress.Loopback, 0) },
            Providers = providers.ToFrozenDictionary(p => p.Name),
            Models = new[] { model }.ToFrozenDictionary(m => m.Name),
            Prices = new PriceBook([KeyValuePair.Create("p0/" + Rig.Upstream, price), KeyValuePair.Create("p1/" + Rig.Upstream, price)]),
        };
    }
}
