using System.Collections.Frozen;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Relay.Core.Cost;
using Relay.Gateway;
using Relay.Gateway.Config;
using Relay.Gateway.Recording;
using Relay.ServiceDefaults.Telemetry;
using Relay.Silo.Embedded;
using Relay.Simulator;

namespace Relay.Telemetry.Tests.Kit;

/// <summary>A gateway in front of two simulators, with telemetry as these variables say. When it is disposed, all is exported.</summary>
internal sealed class TelemetryRig : IAsyncDisposable, IRecordSink
{
    public const string Model = "chat-default";
    public const string Secret = "sk-upstream-secret-4711";
    public const string KeySecret = "relay-key-secret-4712";

    private readonly RelayTelemetry _telemetry;
    private readonly ILoggerFactory _loggers;
    private readonly GatewayApp _gateway;
    private readonly Channel<RequestRecord> _records = Channel.CreateBounded<RequestRecord>(10_000);

    private TelemetryRig(RelayTelemetry telemetry, SimulatorServer[] simulators, Func<RelayConfig, RelayConfig> change, IReadOnlyList<Uri> first)
    {
        _telemetry = telemetry;
        Simulators = simulators;
        _loggers = LoggerFactory.Create(logging => telemetry.AddTo(logging.SetMinimumLevel(LogLevel.Debug)));
        telemetry.TellTo(_loggers);
        _gateway = GatewayApp.Create(change(Config([.. first, .. simulators.Select(s => s.BaseUrl)])), new GatewayServices
        {
            Grains = new EmbeddedGrains(TimeProvider.System),
            Loggers = _loggers,
            Sinks = [this, new Relay.Gateway.Recording.RequestLog(_loggers)],
            CapturesContent = telemetry.CapturesContent,
            Seed = 7,
        });
        Client = new HttpClient();
    }

    public SimulatorServer[] Simulators { get; }

    public HttpClient Client { get; }

    public Uri Url { get; private set; } = null!;

    public Uri GrpcUrl => _gateway.GrpcUrl;

    public RelayTelemetry Telemetry => _telemetry;

    /// <summary>Variables that send everything to a collector.</summary>
    public static Dictionary<string, string> To(OtlpReceiver receiver, bool grpc = true, params (string Name, string Value)[] more)
    {
        var all = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = grpc ? receiver.Grpc : receiver.Http,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = grpc ? "grpc" : "http/protobuf",
        };
        foreach (var (name, value) in more)
        {
            all[name] = value;
        }

        return all;
    }

    public static async Task<TelemetryRig> StartAsync(IReadOnlyDictionary<string, string> variables, Func<RelayConfig, RelayConfig>? change = null, params IReadOnlyList<Uri> first)
    {
        var simulators = new SimulatorServer[2];
        for (var i = 0; i < simulators.Length; i++)
        {
            simulators[i] = await SimulatorServer.StartAsync(new SimulatorOptions { Name = "sim-" + i, DefaultWords = 20 });
        }

        var rig = new TelemetryRig(RelayTelemetry.Start(variables), simulators, change ?? (c => c), first);
        await rig._gateway.StartAsync();
        rig.Client.BaseAddress = rig.Url = rig._gateway.Url;
        return rig;
    }

    public static string Body(string text = "hello", bool stream = false, string extra = "", string model = Model) =>
        $$"""{"model":"{{model}}","messages":[{"role":"user","content":{{JsonSerializer.Serialize(text)}}}]{{(stream ? ",\"stream\":true" : "")}}{{extra}}}""";

    public async Task<string> PostAsync(string body, string path = "/v1/chat/completions", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var response = await Client.SendAsync(request, Patience.Token);
        return await response.Content.ReadAsStringAsync(Patience.Token);
    }

    public async Task<RequestRecord> NextRecordAsync() => await _records.Reader.ReadAsync(Patience.Token);

    public ValueTask WriteAsync(RequestRecord record, CancellationToken cancellation) => _records.Writer.WriteAsync(record, cancellation);

    /// <summary>Ends the gateway, and exports what waits.</summary>
    public async Task EndAsync()
    {
        Client.Dispose();
        await _gateway.StopAsync();
        await _gateway.DisposeAsync();
        await _telemetry.DisposeAsync();
        _loggers.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        foreach (var simulator in Simulators)
        {
            await simulator.DisposeAsync();
        }
    }

    private static RelayConfig Config(Uri[] urls)
    {
        var providers = urls.Select((url, i) => new ProviderOptions { Name = "p" + i, BaseUrl = new Uri(url, "/v1"), ApiKey = new Secret(Secret) });
        var targets = urls.Select((_, i) => new TargetOptions { Provider = "p" + i, UpstreamModel = "gpt-sim" });
        var model = new ModelOptions { Name = Model, Targets = [.. targets] };
        var embed = new ModelOptions { Name = "embed", Targets = [new() { Provider = "p0", UpstreamModel = "text-embedding-sim" }] };
        var any = new IPEndPoint(IPAddress.Loopback, 0);
        return new RelayConfig
        {
            Listen = new ListenOptions { Gateway = any, Grpc = any, Api = any, ApiGrpc = any },
            Providers = providers.ToFrozenDictionary(p => p.Name),
            Models = new[] { model, embed }.ToFrozenDictionary(m => m.Name),
            Prices = new PriceBook([.. targets.Select(t => KeyValuePair.Create(t.Name, new Price(new PriceRates { Input = 2m, CachedInput = 0.5m, Output = 8m })))]),
        };
    }
}
