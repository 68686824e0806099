using Relay.Core.Latency;
using Relay.Silo.Embedded;
using Relay.Silo.Grains;
using Relay.Simulation.Client;
using Relay.Simulation.Gateways;
using Relay.Simulation.Invariants;
using Relay.Simulation.Time;
using Relay.Simulation.Tracing;

namespace Relay.Simulation;

/// <summary>
/// One run: clients, gateways, providers and grains on one thread and one clock.
/// <code><![CDATA[
///   plan (from the seed) --> clients --> gateways (real) --> providers with their weather
///                                |           |   \
///                                |           |    --> grains (real), reached through a faulty way
///                                v           v
///                              referee: every invariant hears all of it --> violations, a trace, a hash
/// ]]></code>
/// </summary>
internal sealed class World : IDisposable
{
    /// <summary>Beyond a request's limits: records wait for their sinks, slow clients for their last bytes.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(12);

    private readonly Rng _lateness;

    /// <summary>Creates the world of a plan; must run on the thread that it was made on.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="keep">How many lines of the trace are kept.</param>
    public World(RunPlan plan, int keep = 0)
    {
        Plan = plan;
        var rng = new Rng(plan.Seed);
        _lateness = rng.Fork(101);
        Time = new VirtualTime(() => plan.TimersAreLate ? _lateness.About(0.001) : TimeSpan.Zero);
        Context = new OneThread(plan.ShufflesReady ? rng.Fork(102) : null);
        Trace = new Trace(keep);
        Grains = new EmbeddedGrains(Time);
        Referee = new Referee(this);
        Gateways = [.. Enumerable.Range(0, plan.Gateways).Select(i => new GatewayNode(this, i, rng.Fork(200 + (ulong)i)))];
        Clients = [.. plan.Requests.Select(_ => (SimClient?)null)];
    }

    /// <summary>What is to happen.</summary>
    public RunPlan Plan { get; }

    /// <summary>The clock.</summary>
    public VirtualTime Time { get; }

    /// <summary>Where everything continues.</summary>
    public OneThread Context { get; }

    /// <summary>What happened.</summary>
    public Trace Trace { get; }

    /// <summary>Sees to it that everything is right.</summary>
    public Referee Referee { get; }

    /// <summary>The grains of all gateways.</summary>
    public EmbeddedGrains Grains { get; }

    /// <summary>The gateways.</summary>
    public GatewayNode[] Gateways { get; }

    /// <summary>The clients that have come, by their request's number.</summary>
    public SimClient?[] Clients { get; }

    /// <summary>Requests that the gateways are through with.</summary>
    public int Through { get; private set; }

    /// <summary>What the grains know of a target: all of the run.</summary>
    public MeterStats StatsOfTarget(string name) => Now(Grains.GetTargetAsync(name, Window.TwentyFourHours, CancellationToken.None)).Meter;

    /// <summary>What the grains know of a model: all of the run.</summary>
    public MeterStats StatsOfModel(string name) => Now(Grains.GetModelAsync(name, Window.TwentyFourHours, CancellationToken.None)).Meter;

    /// <summary>Adds a line to the trace.</summary>
    public void Tell(Happening what, int request = -1, int gateway = -1, int target = -1, long value = 0) =>
        Trace.Add(new TraceEvent(Time.Elapsed, what, request, gateway, target, value));

    /// <summary>Runs it to its end, and asks the referee.</summary>
    public void Run()
    {
        foreach (var gateway in Gateways)
        {
            InContext(gateway.Start);
        }

        foreach (var request in Plan.Requests)
        {
            Time.After(request.Arrives, () => Arrive(request));
        }

        foreach (var (at, gateway, config) in Plan.Swaps)
        {
            Time.After(at, () =>
            {
                Tell(Happening.Swapped, gateway: gateway);
                InContext(() => Gateways[gateway].Swap(config));
            });
        }

        RunUntil(() => Through == Plan.Requests.Count, Plan.Requests[^1].Arrives + Plan.LongestTotal + Slack);
        Referee.RunIsOver();
        var stopped = 0;
        foreach (var gateway in Gateways)
        {
            InContext(async () =>
            {
                await gateway.StopAsync();
                stopped++;
            });
        }

        RunUntil(() => stopped == Gateways.Length, Time.Elapsed + TimeSpan.FromMinutes(1));
        Referee.GatewaysAreStopped(stopped);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var gateway in Gateways)
        {
            gateway.Dispose();
        }

        foreach (var client in Clients)
        {
            client?.Dispose();
        }
    }

    private void Arrive(SimRequest request)
    {
        Tell(Happening.Arrives, request.Index, request.Gateway, value: request.Stream ? 1 : 0);
        var client = new SimClient(this, request);
        Clients[request.Index] = client;
        Referee.Arrives(client);
        InContext(async () =>
        {
            Exception? fault = null;
            try
            {
                await Gateways[request.Gateway].ServeAsync(client);
            }
            catch (Exception e)
            {
                // Whatever it is: the referee is told, the run goes on.
                fault = e;
            }

            client.IsThrough = true;
            Through++;
            Tell(Happening.Through, request.Index, request.Gateway);
            Referee.IsThrough(client, fault);
        });
    }

    private static T Now<T>(ValueTask<T> call) => call.IsCompletedSuccessfully ? call.Result : throw new InvalidOperationException("The embedded grains answer at once.");

    private void InContext(Func<Task> start) => Context.Post(static start => _ = ((Func<Task>)start!)(), start);

    private void InContext(Action start) => Context.Post(static start => ((Action)start!)(), start);

    private void RunUntil(Func<bool> done, TimeSpan limit)
    {
        do
        {
            Referee.CountSteps(Context.RunReady());
        }
        while (!done() && !Referee.IsHopeless && Time.Step(limit));
    }
}
