using System.Net;
using Relay.Api;
using Relay.Api.Tests;
using Relay.Core.Breaker;
using Relay.Core.Errors;
using Relay.Silo.Embedded;
using Relay.Silo.Grains;

namespace Relay.Cli.Tests.Rig;

/// <summary>The API of a Relay on free ports, over embedded grains.</summary>
internal sealed class RunningRelay : IAsyncDisposable
{
    private ApiApp _app;

    private RunningRelay(ApiApp app, EmbeddedGrains grains, TimeProvider time) => (_app, Grains, Time, Address) = (app, grains, time, app.GrpcEndPoint);

    public EmbeddedGrains Grains { get; }

    public TimeProvider Time { get; }

    /// <summary>Its gRPC API; the same after a restart.</summary>
    public IPEndPoint Address { get; }

    public Uri Url => _app.Url;

    /// <summary>Starts it.</summary>
    /// <param name="time">Its clock; null: the machine's, with which frames come by themselves.</param>
    /// <param name="models">What is configured; none: two models that share a target.</param>
    public static async Task<RunningRelay> StartAsync(TimeProvider? time = null, params ModelTopology[] models)
    {
        time ??= TimeProvider.System;
        var grains = new EmbeddedGrains(time);
        var topology = new Fixed(models.Length > 0 ? models : [new("chat", "priority", ["openai/gpt-4.1", "anthropic/claude"]), new("mini", "weighted", ["anthropic/claude"])]);
        return new(await StartAsync(grains, topology, time, new(IPAddress.Loopback, 0)), grains, time) { Models = topology };
    }

    private Fixed Models { get; init; } = null!;

    /// <summary>Known figures: an open breaker, a failover, a rescue.</summary>
    public async Task ReportTrafficAsync()
    {
        await Traffic.ReportAsync(Grains);
        var now = Time.GetUtcNow();
        var story = new FailoverStory(now.AddSeconds(-7), FailoverKind.Failover, "chat", "req_1", "openai/gpt-4.1", "anthropic/claude", ErrorKind.ConnectionReset, TimeSpan.FromMilliseconds(250), true);
        await Grains.ApplyAsync(new ModelDelta("g", 2, "chat", null, 5) { Stories = [story, story with { At = now.AddSeconds(-3), Kind = FailoverKind.Rescue, RequestId = "req_2", Error = null, Succeeded = false }] }, default);
        var open = new BreakerReport(BreakerState.Open, BreakerReason.FailureRatio, now.AddSeconds(-4), now.AddSeconds(2), 2);
        await Grains.ApplyAsync(new TargetDelta("g", 2, "openai/gpt-4.1", null, open, 1) { Changes = [new(now.AddSeconds(-4), BreakerState.Closed, BreakerState.Open, BreakerReason.FailureRatio)] }, default);
    }

    /// <summary>Both targets' breakers, from a gateway.</summary>
    public async Task ReportBreakersAsync(params (string Target, BreakerState State)[] breakers)
    {
        foreach (var (target, state) in breakers)
        {
            var isOpen = state == BreakerState.Open;
            await Grains.ApplyAsync(new TargetDelta("g", 1, target, null, new(state, isOpen ? BreakerReason.ConsecutiveFailures : BreakerReason.None, Time.GetUtcNow(), isOpen ? Time.GetUtcNow().AddSeconds(5) : null, 0), 0), default);
        }
    }

    public async Task StopAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    public async Task StartAgainAsync() => _app = await StartAsync(Grains, Models, Time, Address);

    public async ValueTask DisposeAsync() => await StopAsync();

    private static async Task<ApiApp> StartAsync(EmbeddedGrains grains, ITopology topology, TimeProvider time, IPEndPoint grpc)
    {
        var options = new ApiOptions { Listen = new(IPAddress.Loopback, 0), GrpcListen = grpc, Version = "1.2.3", GatewayUrl = "http://127.0.0.1:8080" };
        var app = ApiApp.Create(options, grains, topology, time);
        await app.StartAsync(CancellationToken.None);
        return app;
    }

    private sealed class Fixed(IReadOnlyList<ModelTopology> models) : ITopology
    {
        public IReadOnlyList<ModelTopology> Models => models;

        public string ConfigVersion => "0a1b2c3d4e5f";
    }
}
