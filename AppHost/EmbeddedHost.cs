using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Relay.Api;
using Relay.AppHost.Demo;
using Relay.Gateway;
using Relay.Gateway.Config;
using Relay.Gateway.Recording;
using Relay.ServiceDefaults;
using Relay.ServiceDefaults.Metrics;
using Relay.ServiceDefaults.Telemetry;
using Relay.Silo.Embedded;

namespace Relay.AppHost;

/// <summary>All parts of Relay in one process: grains, gateway, API and, without a configuration, the demo's providers.</summary>
public sealed class EmbeddedHost : IAsyncDisposable
{
    private readonly bool _isDemo;
    private readonly bool _anyPort;
    private readonly DemoProviders _demo = new();
    private readonly RelayTelemetry _telemetry;
    private readonly ILoggerFactory _loggers;
    private RelayConfig? _config;

    /// <summary>Prepares the host; nothing runs yet.</summary>
    /// <param name="config">The configuration; null: the demo.</param>
    /// <param name="anyPort">Take free ports instead of the configured ones, as tests do.</param>
    /// <param name="telemetry">OpenTelemetry's variables; null: those of the process.</param>
    public EmbeddedHost(RelayConfig? config, bool anyPort = false, IReadOnlyDictionary<string, string>? telemetry = null)
    {
        _telemetry = telemetry is null ? RelayTelemetry.Start() : RelayTelemetry.Start(telemetry);
        _loggers = LoggerFactory.Create(logging => _telemetry.AddTo(logging.AddRelayLogging()));
        _config = config;
        _isDemo = config is null;
        _anyPort = anyPort;
    }

    /// <summary>The running gateway.</summary>
    public GatewayApp? Gateway { get; private set; }

    /// <summary>The running API.</summary>
    public ApiApp? Api { get; private set; }

    /// <summary>The admin token of the demo, which listens on this machine only: made anew at each start, and told in the banner. Null with a configuration.</summary>
    public Secret? DemoAdminToken { get; private set; }

    /// <summary>The demo's providers; empty with a configuration.</summary>
    public DemoProviders Demo => _demo;

    /// <summary>Starts every part.</summary>
    /// <exception cref="IOException">A port is taken; the message says which.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        if (_isDemo)
        {
            await _demo.StartAsync(_anyPort, cancellation);
            DemoAdminToken = new Secret($"demo-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}");
            _config = _demo.Configure() with { Admin = new AdminOptions { TokenSha256 = [.. DemoAdminToken.Sha256()] } };
        }

        var config = _anyPort ? _config! with { Listen = new ListenOptions { Gateway = FreePort, Grpc = FreePort, Api = FreePort, ApiGrpc = FreePort } } : _config!;
        _telemetry.TellTo(_loggers);
        var grains = new EmbeddedGrains(TimeProvider.System);
        Gateway = GatewayApp.Create(config, new GatewayServices
        {
            Grains = grains,
            Loggers = _loggers,
            Source = Followed,
            CapturesContent = _telemetry.CapturesContent,
            Sinks = RelayLogging.LogsRequests ? [new RequestLog(_loggers)] : [],
        });
        await Gateway.StartAsync(cancellation);

        var api = new ApiOptions
        {
            Listen = config.Listen.Api,
            GrpcListen = config.Listen.ApiGrpc,
            AllowedHosts = config.Listen.ApiHosts,
            Version = ProductVersion,
            GatewayUrl = Gateway.Url.ToString().TrimEnd('/'),
            AdminTokenSha256 = () => Gateway.Config.Admin.TokenSha256?.ToArray(),
        };
        Api = ApiApp.Create(api, grains, Gateway.Topology, TimeProvider.System, _loggers, [Gateway.Metrics, new ProcessMetrics(), _telemetry.Counts]);
        await StartPartAsync(Api.StartAsync(cancellation), ("listen.api", config.Listen.Api), ("listen.apiGrpc", config.Listen.ApiGrpc));
    }

    /// <summary>Starts, says where everything is, runs until the token is cancelled, and stops in order.</summary>
    /// <returns>The exit code: 0, or 1 when it could not start.</returns>
    public async Task<int> RunAsync(TextWriter output, TextWriter errors, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(errors);
        try
        {
            await StartAsync(stop);
        }
        catch (IOException e)
        {
            await errors.WriteLineAsync("relay: " + e.Message);
            return 1;
        }

        using var hangup = Followed is null ? null : HangupSignal.Listen(() => Gateway!.Reload());
        await output.WriteLineAsync(Banner.Text(this, _config!, _isDemo));
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (stop.Register(stopped.SetResult))
        {
            await stopped.Task;
        }

        await output.WriteLineAsync("Relay is stopping: no new requests, open ones may end.");
        await StopAsync();
        return 0;
    }

    /// <summary>Stops the gateway first, so that its last figures reach the grains, then the rest.</summary>
    public async Task StopAsync()
    {
        if (Gateway is not null)
        {
            await Gateway.StopAsync();
        }

        if (Api is not null)
        {
            await Api.StopAsync(CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Api is not null)
        {
            await Api.DisposeAsync();
        }

        if (Gateway is not null)
        {
            await Gateway.DisposeAsync();
        }

        await _demo.DisposeAsync();
        await _telemetry.DisposeAsync();
        _loggers.Dispose();
    }

    private static string ProductVersion => typeof(EmbeddedHost).Assembly.GetName().Version!.ToString(3);

    /// <summary>The file to follow; the demo has none.</summary>
    private ConfigSource? Followed => _config?.Path is null ? null : new ConfigSource(_config, new ProcessEnvironment());

    private static IPEndPoint FreePort => new(IPAddress.Loopback, 0);

    /// <summary>Of several ports, the server's own message says which one could not be had.</summary>
    private static async Task StartPartAsync(Task start, params (string Option, IPEndPoint EndPoint)[] ports)
    {
        try
        {
            await start;
        }
        catch (IOException e)
        {
            var (option, endpoint) = Array.Find(ports, port => e.Message.Contains($"{port.EndPoint}:", StringComparison.Ordinal)) is { Option: not null } found ? found : ports[0];
            throw new IOException($"{endpoint} is taken. Stop what listens there, or set {option} in relay.json.", e);
        }
    }
}
