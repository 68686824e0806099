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
    private readonly Outboxes<TargetDelta, TargetState> _targets = new();
    private readonly Outboxes<ModelDelta, ModelMeter> _models = new();
    private MeterList _gone = MeterList.Empty;
    private bool _away;

    /// <summary>Flushes now; returns when the grains have it, or when one did not answer.</summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            var meters = routing.TakeMeters();
            _gone = _gone.With(meters.Gone);
            await FlushGoneAsync(cancellation);
            foreach (var model in meters.Live.Models)
            {
                await FlushModelAsync(_models.For(model.Name, model), cancellation);
            }

            foreach (var target in meters.Live.Targets)
            {
                await FlushTargetAsync(_targets.For(target.Name, target), cancellation);
            }

            _models.KeepOnly(meters.Live.Models.Length, meters.Live.Models.Select(m => m.Name));
            _targets.KeepOnly(meters.Live.Targets.Length, meters.Live.Targets.Select(t => t.Name));
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

    /// <summary>What nobody counts in any more goes out one last time. When a grain is away, all of it is tried again: what is empty by then costs nothing.</summary>
    private async ValueTask FlushGoneAsync(CancellationToken cancellation)
    {
        foreach (var model in _gone.Models)
        {
            await FlushModelAsync(_models.For(model.Name, model), cancellation, isLast: true);
        }

        foreach (var target in _gone.Targets)
        {
            await FlushTargetAsync(_targets.For(target.Name, target), cancellation, isLast: true);
        }

        _gone = MeterList.Empty;
    }

    private async ValueTask FlushModelAsync(Outbox<ModelDelta, ModelMeter> outbox, CancellationToken cancellation, bool isLast = false)
    {
        if (isLast && outbox.Pending is not null)
        {
            await SendAsync(outbox, cancellation);
        }

        var (name, meter) = outbox.Source;
        var active = meter.Active;
        if (outbox.Pending is null)
        {
            var delta = meter.Drain();
            if (delta is null && active == outbox.LastActive && active == 0)
            {
                return;
            }

            outbox.Pending = new ModelDelta(_gateway, ++outbox.Sequence, name, delta, active);
            outbox.LastActive = active;
        }

        await SendAsync(outbox, cancellation);
    }

    private async ValueTask FlushTargetAsync(Outbox<TargetDelta, TargetState> outbox, CancellationToken cancellation, bool isLast = false)
    {
        if (isLast && outbox.Pending is not null)
        {
            await SendAsync(outbox, cancellation);
        }

        var target = outbox.Source;
        outbox.Pending ??= new TargetDelta(_gateway, ++outbox.Sequence, target.Name, target.Meter.Drain(), target.ReportBreaker(), target.Meter.Active);
        await SendAsync(outbox, cancellation);
    }

    private async ValueTask SendAsync(Outbox<ModelDelta, ModelMeter> outbox, CancellationToken cancellation)
    {
        using var limit = Limit(cancellation);
        await grains.ApplyAsync(outbox.Pending!, limit.Token);
        outbox.Pending = null;
    }

    private async ValueTask SendAsync(Outbox<TargetDelta, TargetState> outbox, CancellationToken cancellation)
    {
        using var limit = Limit(cancellation);
        await grains.ApplyAsync(outbox.Pending!, limit.Token);
        outbox.Pending = null;
    }

    private static CancellationTokenSource Limit(CancellationToken cancellation)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(CallLimit);
        return limit;
    }
}
