using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Relay.Gateway.Config;
using Relay.Gateway.Recording;
using Relay.ServiceDefaults;
using Relay.ServiceDefaults.Metrics;
using Relay.ServiceDefaults.Telemetry;
using Relay.Silo.Orleans;

namespace Relay.Gateway.Cluster;

/// <summary>A gateway as a process of a cluster: its configuration from a file, its grains in silos.</summary>
/// <remarks>It starts, and serves, without the cluster. SIGTERM: not ready first, so that nothing new comes; then it lets open requests end, flushes, and leaves.</remarks>
internal static class GatewayProcess
{
    /// <summary>How long it says that it is not ready before it stops listening, in seconds. Default 5, from 0 to 300.</summary>
    public const string NoticeVariable = "RELAY_DRAIN_NOTICE_SECONDS";

    /// <summary>Runs until a signal.</summary>
    /// <returns>The exit code: 0; 1 when a port is taken; 2 for a wrong command line, configuration or environment.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter errors)
    {
        var environment = new ProcessEnvironment();
        RelayConfig config;
        TimeSpan notice;
        try
        {
            config = Read(args, environment);
            notice = Notice(environment);
        }
        catch (InvalidOperationException e)
        {
            await errors.WriteLineAsync("relay: " + e.Message);
            return 2;
        }

        using var signals = new ShutdownSignals();
        await using var telemetry = RelayTelemetry.Start();
        using var loggers = LoggerFactory.Create(logging => telemetry.AddTo(logging.AddRelayLogging()));
        telemetry.TellTo(loggers);
        await using var link = ClusterLink.Start([], loggers);
        await using var gateway = GatewayApp.Create(config, new GatewayServices
        {
            Grains = new OrleansGrains(link.RequireClient),
            Loggers = loggers,
            Source = new ConfigSource(config, environment),
            CapturesContent = telemetry.CapturesContent,
            Sinks = RelayLogging.LogsRequests ? [new RequestLog(loggers)] : [],
        });
        WebApplication? metrics;
        try
        {
            await gateway.StartAsync(signals.Token);
            metrics = await MetricsServer.StartAsync([gateway.Metrics, new ProcessMetrics(), telemetry.Counts], signals.Token);
        }
        catch (IOException e)
        {
            await errors.WriteLineAsync("relay: " + e.Message);
            return 1;
        }

        await using var shown = metrics;
        using var hangup = HangupSignal.Listen(() => gateway.Reload());
        await using (TopologyExchange.Tell(link, gateway.Topology))
        {
            await UntilAsync(signals.Token);
        }

        gateway.AnnounceStop();
        await Task.Delay(notice, TimeProvider.System);
        await gateway.StopAsync();
        return 0;
    }

    private static async Task UntilAsync(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (stop.Register(stopped.SetResult))
        {
            await stopped.Task;
        }
    }

    private static RelayConfig Read(string[] args, ProcessEnvironment environment)
    {
        var location = ConfigLocator.Find(args, environment);
        if (location.Path is null)
        {
            throw new InvalidOperationException(location.Error?.ToString() ?? $"there is no configuration; name one with {ConfigLocator.Argument} PATH or {ConfigLocator.Variable}.");
        }

        var result = ConfigLoader.Load(location.Path, environment);
        if (!result.IsValid)
        {
            throw new InvalidOperationException($"{location.Path} cannot be used; nothing was started.\n\n{result.Explain()}");
        }

        var config = result.Config;
        var listen = config.Listen with
        {
            Gateway = ListenSettings.Read("RELAY_LISTEN_GATEWAY", usesUrls: true) ?? config.Listen.Gateway,
            Grpc = ListenSettings.Read("RELAY_LISTEN_GRPC", usesUrls: false) ?? config.Listen.Grpc,
        };
        return config.Keys.IsEmpty && !(IPAddress.IsLoopback(listen.Gateway.Address) && IPAddress.IsLoopback(listen.Grpc.Address))
            ? throw new InvalidOperationException($"the environment asks to listen on {listen.Gateway} and {listen.Grpc}; without keys Relay listens on loopback only. Add keys to {location.Path}.")
            : config with { Listen = listen };
    }

    private static TimeSpan Notice(ProcessEnvironment environment) => environment.GetVariable(NoticeVariable) switch
    {
        null or "" => TimeSpan.FromSeconds(5),
        var text when ushort.TryParse(text, out var seconds) && seconds <= 300 => TimeSpan.FromSeconds(seconds),
        var text => throw new InvalidOperationException($"{NoticeVariable} is '{text}'; it may be 0 to 300."),
    };
}
