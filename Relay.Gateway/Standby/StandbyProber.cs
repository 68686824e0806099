using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relay.Core.Attempts;
using Relay.Core.Breaker;
using Relay.Core.Errors;
using Relay.Gateway.Routing;
using Relay.Gateway.Telemetry;
using Relay.Gateway.Telemetry.Metrics;

namespace Relay.Gateway.Standby;

/// <summary>
/// Probes the targets that want it and have no traffic, so that a dead fallback is known before it is needed.
/// <code><![CDATA[
///   every second, each target: no request for its time? no Retry-After? breaker lets it in? --> one probe --> verdict for the breaker
/// ]]></code>
/// One probe of a target at a time, <see cref="MaxAtOnce"/> in all. A change of the configuration and the end of the process cancel
/// those under way; they then say nothing.
/// </summary>
internal sealed class StandbyProber(RoutingState routing, StandbyProbe probe, GatewayMetrics metrics, TimeProvider time, ILogger<StandbyProber> log) : BackgroundService
{
    /// <summary>How often it looks which targets are due: every second.</summary>
    public static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>After a probe that failed the next one comes this soon, until the breaker opens: 5 s, or the target's own time when that is shorter.</summary>
    public static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    /// <summary>Probes under way at once; further ones wait for their turn.</summary>
    public const int MaxAtOnce = 16;

    private readonly Dictionary<string, Standby> _standbys = new(StringComparer.Ordinal);
    private readonly PeriodicTimer _ticks = new(Look, time);
    private RoutingTable? _table;
    private CancellationTokenSource _stop = new();

    /// <summary>Raised after each probe that said something.</summary>
    public event Action<string, ErrorKind>? Probed;

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await FollowAsync(routing.Current);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _ticks.Dispose();
        _stop.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _ticks.WaitForNextTickAsync(stoppingToken))
            {
                await FollowAsync(routing.Current);
                StartDue(Monotonic.Now(time));
            }
        }
        catch (OperationCanceledException)
        {
            // Shutting down.
        }

        await _stop.CancelAsync();
        await Task.WhenAll(_standbys.Values.Select(s => s.Running));
    }

    /// <summary>With another configuration in force: ends the probes of the old one, and takes over which targets are probed.</summary>
    private async Task FollowAsync(RoutingTable table)
    {
        if (table == _table)
        {
            return;
        }

        var now = Monotonic.Now(time);
        await _stop.CancelAsync();
        await Task.WhenAll(_standbys.Values.Select(s => s.Running));
        _stop.Dispose();
        _stop = new();
        _table = table;
        var wanted = Wanted(table);
        foreach (var gone in _standbys.Keys.Where(name => !wanted.ContainsKey(name)).ToList())
        {
            _standbys.Remove(gone);
        }

        foreach (var (name, (route, target)) in wanted)
        {
            _standbys[name] = _standbys.TryGetValue(name, out var before)
                ? new(route, target, before.Since) { HasFailed = before.HasFailed }
                : new(route, target, now);
        }
    }

    /// <summary>Several models may use a target: the shortest time holds.</summary>
    private static Dictionary<string, (ModelRoute Route, UpstreamTarget Target)> Wanted(RoutingTable table)
    {
        var wanted = new Dictionary<string, (ModelRoute, UpstreamTarget Target)>(StringComparer.Ordinal);
        foreach (var route in table.Models.Values.OrderBy(m => m.Name, StringComparer.Ordinal))
        {
            foreach (var target in route.Targets)
            {
                if (target.Options.StandbyProbe is { } own
                    && (!wanted.TryGetValue(target.Name, out var other) || own.Every < other.Target.Options.StandbyProbe!.Every))
                {
                    wanted[target.Name] = (route, target);
                }
            }
        }

        return wanted;
    }

    private void StartDue(TimeSpan now)
    {
        var running = _standbys.Values.Count(s => s.IsAsked);
        foreach (var standby in _standbys.Values)
        {
            if (running < MaxAtOnce && standby.IsDue(now))
            {
                running++;
                standby.IsAsked = true;
                standby.Running = AskAsync(standby, _table!, _stop.Token);
            }
        }
    }

    private async Task AskAsync(Standby standby, RoutingTable table, CancellationToken stop)
    {
        var (route, target) = (standby.Route, standby.Target);
        var state = target.State;
        if (!table.TryEnter())
        {
            standby.IsAsked = false;
            return;
        }

        var entry = state.TryEnter(Monotonic.Now(time), StandbyProbe.Limit(route, target));
        if (!entry.Allowed)
        {
            standby.IsAsked = false;
            routing.Leave(table);
            return;
        }

        StandbyOutcome? outcome = null;
        try
        {
            var all = await probe.AskAsync(route, target, table.Config.Limits, stop);
            outcome = stop.IsCancellationRequested ? null : all;
        }
        catch (Exception e)
        {
            // A fault of ours says nothing about the target, and must not end the probing.
            Log.StandbyFailed(log, target.Name, e.GetType().Name);
        }

        state.Record(outcome?.Verdict ?? Verdict.Neutral, entry.Lease);
        routing.Leave(table);
        standby.Since = Monotonic.Now(time);
        if (outcome is { } said)
        {
            Settle(standby, said);
        }

        standby.IsAsked = false;
        if (outcome is { Kind: var kind })
        {
            Probed?.Invoke(target.Name, kind);
        }
    }

    private void Settle(Standby standby, StandbyOutcome outcome)
    {
        var (name, state) = (standby.Target.Name, standby.Target.State);
        var alone = AttemptPolicy.LeaveAlone(outcome.Kind, outcome.RetryAfter, standby.Route.Options.Retry);
        if (alone > TimeSpan.Zero)
        {
            state.LeaveAlone(Monotonic.Now(time), alone);
        }

        standby.HasFailed = outcome.Verdict == Verdict.Failure;
        state.Meter.CountStandby(standby.HasFailed);
        metrics.CountStandby(name, outcome.Kind);
        Log.StandbyProbed(log, name, outcome.Kind.Label());
    }

    /// <summary>A target that is probed.</summary>
    private sealed class Standby(ModelRoute route, UpstreamTarget target, TimeSpan since)
    {
        public ModelRoute Route => route;

        public UpstreamTarget Target => target;

        /// <summary>When it was probed last, or first wanted to be.</summary>
        public TimeSpan Since { get; set; } = since;

        public bool HasFailed { get; set; }

        /// <summary>A probe is under way.</summary>
        public bool IsAsked { get; set => Volatile.Write(ref field, value); }

        /// <summary>The last probe, for the end.</summary>
        public Task Running { get; set; } = Task.CompletedTask;

        public bool IsDue(TimeSpan now)
        {
            var (every, last) = (target.Options.StandbyProbe!.Every, target.State.LastRequestAt);
            var isFailing = HasFailed && last <= Since && !IsOpen;
            var wait = isFailing && every > AfterFailure ? AfterFailure : every;
            return !IsAsked && now - (last > Since ? last : Since) >= wait && target.State.AvailableAt <= now;
        }

        private bool IsOpen => target.State.ReportBreaker().State is BreakerState.Open or BreakerState.HalfOpen;
    }
}
