using System.Buffers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Relay.Gateway;
using Relay.Gateway.Admission;
using Relay.Gateway.Attempts;
using Relay.Gateway.Config;
using Relay.Gateway.Dialects;
using Relay.Gateway.Dialects.OpenAi;
using Relay.Gateway.Endpoints;
using Relay.Gateway.Recording;
using Relay.Gateway.Rescue;
using Relay.Gateway.Routing;
using Relay.Gateway.Telemetry.Metrics;
using Relay.Gateway.Upstream;
using Relay.Simulation.Client;
using Relay.Simulation.Planted;
using Relay.Simulation.Provider;

namespace Relay.Simulation.Gateways;

/// <summary>One gateway: the real one from behind the parse of a request on, with the world's clock, providers and grains.</summary>
internal sealed class GatewayNode : IDisposable
{
    private readonly World _world;
    private readonly ServiceProvider _services;
    private readonly CancellationTokenSource _stop = new();
    private readonly FaultyGrains _grains;
    private readonly RelayPipeline _pipeline;
    private readonly AdmissionGate _gate;
    private Task _flushing = Task.CompletedTask;

    /// <summary>Creates it.</summary>
    public GatewayNode(World world, int index, Rng rng)
    {
        _world = world;
        Index = index;
        _grains = new FaultyGrains(world, index, rng.Fork(1));
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(new ErrorLog(world));
        services.AddLogging();
        GatewayApp.AddGateway(services, world.Plan.Config, new GatewayServices
        {
            Grains = _grains,
            Time = world.Time,
            Sinks = [new Sink(world, rng.Fork(2))],
            Seed = (long)(rng.Fork(3).Unit() * long.MaxValue),
        });
        services.Replace(ServiceDescriptor.Singleton<TableParts>(new Parts(world, index)));
        if (world.Plan.Bug != PlantedBug.None)
        {
            services.Replace(ServiceDescriptor.Singleton<AttemptRunner>(all => new PlantedRunner(world, all.GetRequiredService<GatewayMetrics>())));
            services.Replace(ServiceDescriptor.Singleton<Recorder>(all => new PlantedRecorder(world, [new Sink(world, rng.Fork(2))], all.GetRequiredService<GatewayMetrics>())));
        }

        _services = services.BuildServiceProvider();
        Routing = _services.GetRequiredService<RoutingState>();
        _pipeline = _services.GetRequiredService<RelayPipeline>();
        _gate = _services.GetRequiredService<AdmissionGate>();
    }

    /// <summary>Its number.</summary>
    public int Index { get; }

    /// <summary>Its routing.</summary>
    public RoutingState Routing { get; }

    /// <summary>Its metrics.</summary>
    public GatewayMetrics Metrics => _services.GetRequiredService<GatewayMetrics>();

    /// <summary>Requests inside.</summary>
    public int Inside => _gate.Inside;

    /// <summary>Starts to flush.</summary>
    public void Start() => _flushing = Flusher.RunAsync(_stop.Token);

    /// <summary>Flushes what is left, without any more faults.</summary>
    public async Task StopAsync()
    {
        _grains.IsCalm = true;
        _stop.Cancel();
        await _flushing;
        await Flusher.FlushAsync(CancellationToken.None);
    }

    /// <summary>Puts another configuration in force.</summary>
    public void Swap(RelayConfig config) => Routing.Swap(config);

    /// <summary>Serves a request, as the pipeline does once it has read the body.</summary>
    public async Task ServeAsync(SimClient client)
    {
        SimRequest.Current = client.Request;
        var table = Routing.Enter();
        var error = _gate.TryEnter(null, table.Config.Limits.MaxConcurrentRequests);
        try
        {
            if (error is not null)
            {
                _world.Referee.Rejects(client);
                await client.SendErrorAsync(new(client.Request.Index.ToString(), null, 0, null, default, null, []), error);
                return;
            }

            _world.Referee.Admits(client, table.Config);
            using var body = BodyOf(WithBug(client.Request));
            var request = RequestOf(client, table, body);
            using var sent = request.Sent;
            await _pipeline.RunAsync(request);
            client.Returns();
        }
        catch (BrokenAnswerException)
        {
            // As it is meant: the client was told in band.
        }
        finally
        {
            if (error is null)
            {
                _gate.Leave();
            }

            Routing.Leave(table);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _services.Dispose();
        _stop.Dispose();
    }

    private Flusher Flusher => _services.GetRequiredService<Flusher>();

    private SimRequest WithBug(SimRequest request) =>
        _world.Plan.Bug == PlantedBug.SendsAnothersQuestion && request.Index % 16 == 1 ? _world.Plan.Requests[request.Index - 1] with { Model = request.Model } : request;

    private static PooledBody BodyOf(SimRequest request)
    {
        var bytes = request.Body();
        var rented = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(rented, 0);
        return new PooledBody(rented, bytes.Length);
    }

    private RelayRequest RequestOf(SimClient client, RoutingTable table, PooledBody body)
    {
        var scan = RequestScanner.ScanChat(body.Memory.Span, out var error) ?? throw new InvalidOperationException(error!.Message);
        var now = Monotonic.Now(_world.Time);
        var route = table.Models[scan.Model];
        if (_world.Plan.Bug == PlantedBug.ForgetsTarget && route.Targets.Length > 1)
        {
            route = route with { Targets = route.Targets[..^1] };
        }

        return new RelayRequest
        {
            Id = client.Request.Index.ToString(),
            Endpoint = EndpointKind.Chat,
            StartedAt = _world.Time.GetUtcNow(),
            Started = now,
            Scan = scan,
            Dropped = new DroppedFields(),
            Body = body,
            Route = route,
            Limits = table.Config.Limits,
            Answer = client,
            Time = _world.Time,
            TotalAt = now + route.Options.Timeouts.Total,
            Sent = RescueRule.MayApply(EndpointKind.Chat, scan, route) ? new SentAnswer(route.Options.Rescue) : null,
            ClientDeadlineAt = client.Request.Deadline is { } deadline ? now + deadline : TimeSpan.MaxValue,
        };
    }

    /// <summary>Providers without sockets, states that are watched.</summary>
    private sealed class Parts(World world, int gateway) : TableParts
    {
        private int _states;

        public override HttpMessageHandler CreateHandler(ProviderOptions provider, TimeSpan longestConnect) =>
            new FakeProvider(world, gateway, world.Plan.Targets.First(t => t.Provider == provider.Name));

        public override TargetState CreateState(string name, ModelOptions model, TimeProvider time, Sampler sampler, ILogger log, TargetState? before)
        {
            var place = new Place(gateway, world.Plan.Targets.First(t => t.Name == name).Index, _states++);
            return new WatchedState(world, place, name, model, sampler, log, before);
        }
    }

    /// <summary>Where records go: at once, late, or too late.</summary>
    private sealed class Sink(World world, Rng rng) : IRecordSink
    {
        public ValueTask WriteAsync(RequestRecord record, CancellationToken cancellation)
        {
            world.Referee.Records(record);
            return !rng.Chance(world.Plan.SinkFaults) ? ValueTask.CompletedTask
                : rng.Chance(0.2) ? throw new IOException("The sink is full.")
                : Time.Outside.Run((world.Time, Delay: rng.Pick(0.05, 1, 5), cancellation), static s => Time.Pause.For(s.Time, TimeSpan.FromSeconds(s.Delay), s.cancellation));
        }
    }
}
