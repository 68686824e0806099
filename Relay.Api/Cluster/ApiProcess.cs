using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Relay.ServiceDefaults;
using Relay.ServiceDefaults.Metrics;
using Relay.ServiceDefaults.Telemetry;
using Relay.Silo.Orleans;

namespace Relay.Api.Cluster;

/// <summary>The API as a process of a cluster: it asks the grains in silos, and learns from gateways what is configured.</summary>
internal static class ApiProcess
{
    /// <summary>Where clients reach the gateways, for the example on the page.</summary>
    public const string GatewayUrlVariable = "RELAY_GATEWAY_URL";

    /// <summary>Further names by which it may be reached, separated by commas.</summary>
    public const string HostsVariable = "RELAY_API_HOSTS";

    /// <summary>The admin token, without which nothing can be changed through this process; at least 16 characters.</summary>
    public const string AdminTokenVariable = "RELAY_ADMIN_TOKEN";

    /// <summary>Runs until a signal.</summary>
    /// <returns>The exit code: 0; 1 when a port is taken; 2 for a wrong environment.</returns>
    public static async Task<int> RunAsync(TextWriter errors)
    {
        using var signals = new ShutdownSignals();
        await using var telemetry = RelayTelemetry.Start();
        using var loggers = LoggerFactory.Create(logging => telemetry.AddTo(logging.AddRelayLogging()));
        telemetry.TellTo(loggers);
        await using var link = ClusterLink.Start([], loggers);
        await using var topology = TopologyExchange.Read(link);
        try
        {
            await using var api = ApiApp.Create(Options(), new OrleansGrains(link.RequireClient), topology, TimeProvider.System, loggers, [new ProcessMetrics(), telemetry.Counts]);
            await api.StartAsync(signals.Token);
            await UntilAsync(signals.Token);
            await api.StopAsync(CancellationToken.None);
            return 0;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or ArgumentException)
        {
            await errors.WriteLineAsync("relay: " + e.Message);
            return e is IOException ? 1 : 2;
        }
    }

    private static ApiOptions Options()
    {
        var token = AdminToken();
        return new()
        {
            AdminTokenSha256 = () => token,
            Listen = ListenSettings.Read("RELAY_LISTEN_API", usesUrls: true) ?? new IPEndPoint(IPAddress.Loopback, 8090),
            GrpcListen = ListenSettings.Read("RELAY_LISTEN_API_GRPC", usesUrls: false) ?? new IPEndPoint(IPAddress.Loopback, 8091),
            AllowedHosts = Environment.GetEnvironmentVariable(HostsVariable)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
            Version = typeof(ApiProcess).Assembly.GetName().Version!.ToString(3),
            GatewayUrl = Environment.GetEnvironmentVariable(GatewayUrlVariable) is { Length: > 0 } url ? url.TrimEnd('/') : "http://127.0.0.1:8080",
        };
    }

    private static byte[]? AdminToken() => Environment.GetEnvironmentVariable(AdminTokenVariable) switch
    {
        null or "" => null,
        { Length: >= 16 } token => SHA256.HashData(Encoding.UTF8.GetBytes(token)),
        _ => throw new InvalidOperationException($"{AdminTokenVariable} is too short; it needs at least 16 characters."),
    };

    private static async Task UntilAsync(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (stop.Register(stopped.SetResult))
        {
            await stopped.Task;
        }
    }
}
