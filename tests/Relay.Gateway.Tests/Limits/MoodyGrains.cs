using System.Collections.Concurrent;
using Relay.Core.Breaker;
using Relay.Core.Latency;
using Relay.Silo.Grains;

namespace Relay.Gateway.Tests.Limits;

/// <summary>Grains of which one fails, before or after it took its delta.</summary>
internal sealed class MoodyGrains(IGrains inner) : IGrains, IDisposable
{
    /// <summary>The name of the one that fails; null for none.</summary>
    public string? Failing { get; set; }

    /// <summary>It takes the delta, and its answer is lost.</summary>
    public bool AfterItTookIt { get; set; }

    /// <summary>One for each failure.</summary>
    public SemaphoreSlim Failures { get; } = new(0);

    /// <summary>The names that were called, in order.</summary>
    public ConcurrentQueue<string> Called { get; } = new();

    /// <summary>Told of each target's delta that comes.</summary>
    public Action<TargetDelta>? Heard { get; set; }

    public async ValueTask<TargetView> ApplyAsync(TargetDelta delta, CancellationToken cancellation)
    {
        Heard?.Invoke(delta);
        ThrowBefore(delta.Target);
        var view = await inner.ApplyAsync(delta, cancellation);
        ThrowAfter(delta.Target);
        return view;
    }

    public async ValueTask<Receipt> ApplyAsync(ModelDelta delta, CancellationToken cancellation)
    {
        ThrowBefore(delta.Model);
        var receipt = await inner.ApplyAsync(delta, cancellation);
        ThrowAfter(delta.Model);
        return receipt;
    }

    public ValueTask<TargetBreakerState> GetBreakerAsync(string target, CancellationToken cancellation) => inner.GetBreakerAsync(target, cancellation);

    public ValueTask<TargetBreakerState> SetBreakerAsync(string target, BreakerForce force, CancellationToken cancellation) => inner.SetBreakerAsync(target, force, cancellation);

    public ValueTask<IReadOnlyList<FailoverStory>> GetStoriesAsync(string model, CancellationToken cancellation) => inner.GetStoriesAsync(model, cancellation);

    public ValueTask<TargetStats> GetTargetAsync(string target, Window window, CancellationToken cancellation) => inner.GetTargetAsync(target, window, cancellation);

    public ValueTask<ModelStats> GetModelAsync(string model, Window window, CancellationToken cancellation) => inner.GetModelAsync(model, window, cancellation);

    public ValueTask<MeterSeries> GetTargetSeriesAsync(string target, SeriesQuery query, CancellationToken cancellation) => inner.GetTargetSeriesAsync(target, query, cancellation);

    public ValueTask<MeterSeries> GetModelSeriesAsync(string model, SeriesQuery query, CancellationToken cancellation) => inner.GetModelSeriesAsync(model, query, cancellation);

    public void Dispose() => Failures.Dispose();

    private void ThrowBefore(string name)
    {
        Called.Enqueue(name);
        Throw(name == Failing && !AfterItTookIt);
    }

    private void ThrowAfter(string name) => Throw(name == Failing && AfterItTookIt);

    private void Throw(bool fails)
    {
        if (fails)
        {
            Failures.Release();
            throw new InvalidOperationException("The grain is away.");
        }
    }
}
