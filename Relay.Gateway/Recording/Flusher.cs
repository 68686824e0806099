using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relay.Core.Breaker;
using Relay.Gateway.Routing;
using Relay.Gateway.Telemetry;
using Relay.Silo.Grains;

namespace Relay.Gateway.Recording;

/// <summary>Every 100 ms merges the shards into the _grains. A grain that is away costs the data plane nothing: its delta is kept and sent again, with the same sequence number, and the shards go on counting.</summary>
internal sealed class Flusher : BackgroundService
{
    /// <summary>The time between two flushes.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>How often grains elsewhere are asked when there is nothing to tell them: 1 s.</summary>
    public static readonly TimeSpan PullInterval = TimeSpan.FromSeconds(1);

    private const long Never = long.MinValue;

    private readonly RoutingState _routing;
    private readonly IGrains _grains;
    private readonly TimeProvider _time;
    private readonly ILogger<Flusher> _log;
    private readonly Retention _retention;
    private readonly string _gateway = Guid.NewGuid().ToString("N");
    private readonly SemaphoreSlim _one = new(1);
    private readonly Outboxes<TargetDelta, TargetState> _targets = new();
    private readonly Outboxes<ModelDelta, ModelMeter> _models = new();
    private MeterList _gone = MeterList.Empty;
    private long _awaySince = Never;

    /// <summary>Flushes what counts in <paramref name="routing"/>.</summary>
    public Flusher(RoutingState routing, IGrains grains, TimeProvider time, ILogger<Flusher> log)
    {
        (_routing, _grains, _time, _log) = (routing, grains, time, log);
        _retention = new(grains, _gateway, new SliceClock(time));
        grains.Listen(OnView);
    }

    /// <summary>How long the grains have not taken everything; null while they do.</summary>
    public TimeSpan? AwayFor => Interlocked.Read(ref _awaySince) is var since && since == Never ? null : Monotonic.Now(_time) - TimeSpan.FromTicks(since);

    /// <summary>
    /// Flushes now; returns when the grains have everything that was counted before. One that does not take its delta keeps none of the
    /// others from theirs; the first such failure is thrown at the end.
    /// </summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            using var pass = new FlushPass(_time, cancellation);
            var meters = _routing.TakeMeters();

            // What nobody counts in any more goes out one last time; what fails of it, or is left over when the pass is cancelled, is tried again.
            _gone = _gone.With(meters.Gone);
            _gone = await FlushAsync(_gone, pass);
            await FlushAsync(meters.Live, pass);
            pass.ThrowIfFailed();
            _models.KeepOnly(meters.Live.Models.Length, meters.Live.Models.Select(m => m.Name));
            _targets.KeepOnly(meters.Live.Targets.Length, meters.Live.Targets.Select(t => t.Name));
            Interlocked.Exchange(ref _awaySince, Never);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Flushes until it is stopped, and once more then.</summary>
    internal async Task RunAsync(CancellationToken stop)
    {
        using var ticks = new PeriodicTimer(Interval, _time);
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

    private void OnView(string target, TargetView view)
    {
        if (_routing.Current.States.TryGetValue(target, out var state))
        {
            state.Follow(view.Decision);
            state.Follow(view.Cluster, isAnswer: false);
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
            if (Interlocked.CompareExchange(ref _awaySince, Monotonic.Now(_time).Ticks, Never) == Never)
            {
                Log.GrainsAway(_log, e.GetType().Name);
            }
        }
    }

    /// <returns>What did not go out.</returns>
    private async ValueTask<MeterList> FlushAsync(MeterList meters, FlushPass pass)
    {
        var models = new FlushBatch<ModelMeter>();
        foreach (var model in meters.Models)
        {
            await models.AddAsync(model, FlushModelAsync(_models.For(model.Name, model), pass));
        }

        var targets = new FlushBatch<TargetState>();
        foreach (var target in meters.Targets)
        {
            await targets.AddAsync(target, FlushTargetAsync(_targets.For(target.Name, target), pass));
        }

        var (lateModels, lateTargets) = (await models.EndAsync(), await targets.EndAsync());
        return lateModels.Count + lateTargets.Count == 0 ? MeterList.Empty : new([.. lateTargets], [.. lateModels]);
    }

    private async ValueTask<bool> FlushModelAsync(Outbox<ModelDelta, ModelMeter> outbox, FlushPass pass)
    {
        if (outbox.Pending is { } pending && !await TrySendAsync(outbox, pending, pass))
        {
            return false;
        }

        var (name, meter) = outbox.Source;
        var active = meter.Active;
        var delta = meter.Drain();
        var stories = meter.Stories.Take();
        if (delta is null && stories.Count == 0 && active == outbox.LastActive && active == 0 && !IsPullDue(outbox))
        {
            return true;
        }

        outbox.LastActive = active;
        return await TrySendAsync(outbox, new ModelDelta(_gateway, ++outbox.Sequence, name, delta, active) { Stories = stories }, pass);
    }

    private async ValueTask<bool> FlushTargetAsync(Outbox<TargetDelta, TargetState> outbox, FlushPass pass)
    {
        if (outbox.Pending is { } pending && !await TrySendAsync(outbox, pending, pass))
        {
            return false;
        }

        var target = outbox.Source;
        var (delta, ask, active, changes) = (target.Meter.Drain(), target.AskCluster(), target.Meter.Active, target.TakeChanges());
        if (_grains.IsShared && delta is null && changes.Count == 0 && active == outbox.LastActive && IsUnchanged(ask, outbox.LastAsk) && !IsPullDue(outbox))
        {
            return true;
        }

        (outbox.LastActive, outbox.LastAsk) = (active, ask);
        var news = new TargetDelta(_gateway, ++outbox.Sequence, target.Name, delta, target.ReportBreaker(), active) { Ask = ask, Changes = changes };
        return await TrySendAsync(outbox, news, pass);
    }

    /// <summary>Grains elsewhere are asked now and then even when there is nothing to say: for the cluster's view, and so that one that was lost is noticed.</summary>
    private bool IsPullDue<TDelta, TSource>(Outbox<TDelta, TSource> outbox)
        where TDelta : class =>
        _grains.IsShared && !(Monotonic.Now(_time) - outbox.LastSentAt < PullInterval);

    /// <summary>A closed breaker has no news; one that keeps requests away is told at each flush, since the answer may bring the lease.</summary>
    private static bool IsUnchanged(in BreakerAsk ask, in BreakerAsk last) =>
        ask.State == last.State && ask.Opened == last.Opened && ask.State is BreakerState.Closed or BreakerState.Ramping;

    private ValueTask<bool> TrySendAsync(Outbox<ModelDelta, ModelMeter> outbox, ModelDelta delta, FlushPass pass) =>
        TrySendAsync(outbox, delta, pass, static (me, outbox, delta, limit) => me.ApplyAsync(outbox, delta, limit));

    private ValueTask<bool> TrySendAsync(Outbox<TargetDelta, TargetState> outbox, TargetDelta delta, FlushPass pass) =>
        TrySendAsync(outbox, delta, pass, static (me, outbox, delta, limit) => me.ApplyAsync(outbox, delta, limit));

    private async ValueTask ApplyAsync(Outbox<ModelDelta, ModelMeter> outbox, ModelDelta delta, CancellationToken limit)
    {
        var receipt = await _grains.ApplyAsync(delta, limit);
        _retention.Arrived(outbox, GrainKind.Model, delta.Meter, delta.Sequence, receipt);
    }

    private async ValueTask ApplyAsync(Outbox<TargetDelta, TargetState> outbox, TargetDelta delta, CancellationToken limit)
    {
        var view = await _grains.ApplyAsync(delta, limit);
        _retention.Arrived(outbox, GrainKind.Target, delta.Meter, delta.Sequence, view.Receipt);
        outbox.Source.Follow(view.Decision);
        if (_grains.IsShared)
        {
            outbox.Source.Follow(view.Cluster, isAnswer: true);
        }
    }

    private async ValueTask<bool> TrySendAsync<TDelta, TSource>(
        Outbox<TDelta, TSource> outbox,
        TDelta delta,
        FlushPass pass,
        Func<Flusher, Outbox<TDelta, TSource>, TDelta, CancellationToken, ValueTask> apply)
        where TDelta : class
    {
        var limit = pass.LimitCall();
        var tookTime = true;
        try
        {
            // Grains in this process answer at once: nothing waits, and nothing that is long there points to what is new.
            var call = apply(this, outbox, delta, limit.Token);
            tookTime = !call.IsCompletedSuccessfully;
            outbox.Pending = tookTime ? delta : null;
            await call;
            outbox.Pending = null;
            outbox.LastSentAt = Monotonic.Now(_time);
            await _retention.DeliverAsync(outbox, limit.Token);
            return true;
        }
        catch (Exception e) when (!pass.Cancellation.IsCancellationRequested)
        {
            pass.Failed(e, late: limit.Token.IsCancellationRequested);
            return false;
        }
        finally
        {
            pass.End(limit, tookTime);
        }
    }
}
