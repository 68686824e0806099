using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relay.Gateway.Routing;
using Relay.Gateway.Telemetry;
using Relay.Silo.Grains;

namespace Relay.Gateway.Recording;

/// <summary>Every 100 ms merges the shards into the grains. A grain that is away costs the data plane nothing: its delta is kept and sent again, with the same sequence number, and the shards go on counting.</summary>
internal sealed class Flusher(RoutingState routing, IGrains grains, TimeProvider time, ILogger<Flusher> log) : BackgroundService
{
    /// <summary>The time between two flushes.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(2);

    private readonly string _gateway = Guid.NewGuid().ToString("N");
    private readonly SemaphoreSlim _one = new(1);
    private readonly Dictionary<string, Outbox<TargetDelta>> _targets = [];
    private readonly Dictionary<string, Outbox<ModelDelta>> _models = [];
    private bool _away;

    /// <summary>Flushes now; returns when the grains have it, or when one did not answer.</summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            foreach (var model in routing.Current.Models.Values)
            {
                await FlushModelAsync(model, cancellation);
            }

            foreach (var target in routing.Current.States.Values)
            {
                await FlushTargetAsync(target, cancellation);
            }

            _away = false;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ticks = new PeriodicTimer(Interval, time);
        try
        {
            while (await ticks.WaitForNextTickAsync(stoppingToken))
            {
                await TryFlushAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Shutting down: what was counted last still goes out.
            await TryFlushAsync(CancellationToken.None);
        }
    }

    private async Task TryFlushAsync(CancellationToken cancellation)
    {
        try
        {
            await FlushAsync(cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            if (!_away)
            {
                _away = true;
                Log.GrainsAway(log, e.GetType().Name);
            }
        }
    }

    private async ValueTask FlushModelAsync(ModelRoute model, CancellationToken cancellation)
    {
        var outbox = Get(_models, model.Name);
        var active = model.Meter.Active;
        if (outbox.Pending is null)
        {
            var meter = model.Meter.Drain();
            if (meter is null && active == outbox.LastActive && active == 0)
            {
                return;
            }

            outbox.Pending = new ModelDelta(_gateway, ++outbox.Sequence, model.Name, meter, active);
            outbox.LastActive = active;
        }

        using var limit = Limit(cancellation);
        await grains.ApplyAsync(outbox.Pending, limit.Token);
        outbox.Pending = null;
    }

    private async ValueTask FlushTargetAsync(TargetState target, CancellationToken cancellation)
    {
        var outbox = Get(_targets, target.Name);
        var active = target.Meter.Active;
        if (outbox.Pending is null)
        {
            var meter = target.Meter.Drain();
            outbox.Pending = new TargetDelta(_gateway, ++outbox.Sequence, target.Name, meter, target.ReportBreaker(), active);
        }

        using var limit = Limit(cancellation);
        await grains.ApplyAsync(outbox.Pending, limit.Token);
        outbox.Pending = null;
    }

    private static Outbox<T> Get<T>(Dictionary<string, Outbox<T>> all, string name)
        where T : class
    {
        if (!all.TryGetValue(name, out var outbox))
        {
            all[name] = outbox = new Outbox<T>();
        }

        return outbox;
    }

    private static CancellationTokenSource Limit(CancellationToken cancellation)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(CallLimit);
        return limit;
    }

    /// <summary>What one key has sent: at most one delta waits.</summary>
    private sealed class Outbox<T>
        where T : class
    {
        public T? Pending { get; set; }

        public long Sequence { get; set; }

        public int LastActive { get; set; }
    }
}
