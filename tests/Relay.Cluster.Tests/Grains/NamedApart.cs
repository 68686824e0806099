using Relay.Core.Breaker;
using Relay.Core.Latency;
using Relay.Silo.Grains;

namespace Relay.Cluster.Tests.Grains;

/// <summary>Grains under names of this test's own, so that tests share a silo and nothing else.</summary>
internal sealed class NamedApart(IGrains inner) : IGrains
{
    private readonly string _prefix = Guid.NewGuid().ToString("N") + ":";

    public bool IsShared => inner.IsShared;

    public void Listen(Action<string, TargetView> listener) => inner.Listen((target, view) =>
    {
        if (target.StartsWith(_prefix, StringComparison.Ordinal))
        {
            listener(target[_prefix.Length..], view);
        }
    });

    public ValueTask<TargetView> ApplyAsync(TargetDelta delta, CancellationToken cancellation) =>
        inner.ApplyAsync(delta with { Target = _prefix + delta.Target }, cancellation);

    public ValueTask<Receipt> ApplyAsync(ModelDelta delta, CancellationToken cancellation) =>
        inner.ApplyAsync(delta with { Model = _prefix + delta.Model }, cancellation);

    public ValueTask<bool> RestoreAsync(HistoryDelivery delivery, CancellationToken cancellation) =>
        inner.RestoreAsync(delivery with { Name = _prefix + delivery.Name }, cancellation);

    public async ValueTask<TargetBreakerState> GetBreakerAsync(string target, CancellationToken cancellation) =>
        await inner.GetBreakerAsync(_prefix + target, cancellation) with { Target = target };

    public async ValueTask<TargetBreakerState> SetBreakerAsync(string target, BreakerForce force, CancellationToken cancellation) =>
        await inner.SetBreakerAsync(_prefix + target, force, cancellation) with { Target = target };

    public ValueTask<IReadOnlyList<FailoverStory>> GetStoriesAsync(string model, CancellationToken cancellation) =>
        inner.GetStoriesAsync(_prefix + model, cancellation);

    public async ValueTask<TargetStats> GetTargetAsync(string target, Window window, CancellationToken cancellation) =>
        await inner.GetTargetAsync(_prefix + target, window, cancellation) with { Target = target };

    public async ValueTask<ModelStats> GetModelAsync(string model, Window window, CancellationToken cancellation) =>
        await inner.GetModelAsync(_prefix + model, window, cancellation) with { Model = model };

    public ValueTask<MeterSeries> GetTargetSeriesAsync(string target, SeriesQuery query, CancellationToken cancellation) =>
        inner.GetTargetSeriesAsync(_prefix + target, query, cancellation);

    public ValueTask<MeterSeries> GetModelSeriesAsync(string model, SeriesQuery query, CancellationToken cancellation) =>
        inner.GetModelSeriesAsync(_prefix + model, query, cancellation);
}
