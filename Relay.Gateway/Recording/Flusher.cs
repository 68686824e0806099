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

    private readonly string _gateway = Guid.NewGuid().ToString("N");
    private readonly SemaphoreSlim _one = new(1);
    private readonly Outboxes<TargetDelta, TargetState> _targets = new();
    private readonly Outboxes<ModelDelta, ModelMeter> _models = new();
    private MeterList _gone = MeterList.Empty;
    private bool _away;

    /// <summary>
    /// Flushes now; returns when the grains have everything that was counted before. One that does not take its delta keeps none of the
    /// others from theirs; the first such failure is thrown at the end.
    /// </summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            var pass = new FlushPass(time, cancellation);
            var meters = routing.TakeMeters();

            // What nobody counts in any more goes out one last time; what fails of it, or is left over when the pass is cancelled, is tried again.
            _gone = _gone.With(meters.Gone);
            _gone = await FlushAsync(_gone, pass);
            await FlushAsync(meters.Live, pass);
            pass.ThrowIfFailed();
            _models.KeepOnly(meters.Live.Models.Length, meters.Live.Models.Select(m => m.Name));
            _targets.KeepOnly(meters.Live.Targets.Length, meters.Live.Targets.Select(t => t.Name));
            _away = false;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Flushes until it is stopped, and once more then.</summary>
    internal async Task RunAsync(CancellationToken stop)
    {
        using var ticks = new PeriodicTimer(Interval, time);
        try
        {
            while (await ticks.WaitForNextTickAsync(stop))
            {
                await TryFlushAsync(stop);
            }
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // Shutting down, maybe in the middle of a flush that then failed: what was counted last still goes out.
            await TryFlushAsync(CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(stoppingToken);

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

    /// <returns>What did not go out.</returns>
    private async ValueTask<MeterList> FlushAsync(MeterList meters, FlushPass pass)
    {
        var models = new List<ModelMeter>();
        foreach (var model in meters.Models)
        {
            if (!await FlushModelAsync(_models.For(model.Name, model), pass))
            {
                models.Add(model);
            }
        }

        var targets = new List<TargetState>();
        foreach (var target in meters.Targets)
        {
            if (!await FlushTargetAsync(_targets.For(target.Name, target), pass))
            {
                targets.Add(target);
            }
        }

        return models.Count + targets.Count == 0 ? MeterList.Empty : new([.. targets], [.. models]);
    }

    private async ValueTask<bool> FlushModelAsync(Outbox<ModelDelta, ModelMeter> outbox, FlushPass pass)
    {
        if (!await TrySendAsync(outbox, pass))
        {
            return false;
        }

        var (name, meter) = outbox.Source;
        var active = meter.Active;
        var delta = meter.Drain();
        var stories = meter.Stories.Take();
        if (delta is null && stories.Count == 0 && active == outbox.LastActive && active == 0)
        {
            return true;
        }

        outbox.Pending = new ModelDelta(_gateway, ++outbox.Sequence, name, delta, active) { Stories = stories };
        outbox.LastActive = active;
        return await TrySendAsync(outbox, pass);
    }

    private async ValueTask<bool> FlushTargetAsync(Outbox<TargetDelta, TargetState> outbox, FlushPass pass)
    {
        if (!await TrySendAsync(outbox, pass))
        {
            return false;
        }

        var target = outbox.Source;
        outbox.Pending = new TargetDelta(_gateway, ++outbox.Sequence, target.Name, target.Meter.Drain(), target.ReportBreaker(), target.Meter.Active)
        {
            Changes = target.TakeChanges(),
        };
        return await TrySendAsync(outbox, pass);
    }

    private ValueTask<bool> TrySendAsync(Outbox<ModelDelta, ModelMeter> outbox, FlushPass pass) =>
        outbox.Pending is null ? new(true) : TrySendAsync(outbox, pass, grains, static (grains, outbox, limit) => grains.ApplyAsync(outbox.Pending!, limit));

    private ValueTask<bool> TrySendAsync(Outbox<TargetDelta, TargetState> outbox, FlushPass pass) =>
        outbox.Pending is null ? new(true) : TrySendAsync(outbox, pass, grains, static async (grains, outbox, limit) =>
        {
            var view = await grains.ApplyAsync(outbox.Pending!, limit);
            outbox.Source.Follow(view.Decision);
        });

    private static async ValueTask<bool> TrySendAsync<TDelta, TSource>(
        Outbox<TDelta, TSource> outbox, FlushPass pass, IGrains grains, Func<IGrains, Outbox<TDelta, TSource>, CancellationToken, ValueTask> apply)
        where TDelta : class
    {
        using var limit = pass.LimitCall();
        try
        {
            await apply(grains, outbox, limit.Token);
            outbox.Pending = null;
            return true;
        }
        catch (Exception e) when (!pass.Cancellation.IsCancellationRequested)
        {
            pass.Failed(e, late: limit.Token.IsCancellationRequested);
            return false;
        }
    }
}
