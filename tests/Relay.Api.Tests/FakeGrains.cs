using Relay.Core.Breaker;
using Relay.Core.Latency;
using Relay.Silo.Grains;

namespace Relay.Api.Tests;

/// <summary>Grains that answer a model's figures as the test says, and count who is asked.</summary>
internal sealed class FakeGrains(Func<CancellationToken, Task<MeterStats>> model) : IGrains
{
    public List<string> Asked { get; } = [];

    public static MeterStats Empty => MeterStats.Nothing;

    public ValueTask<TargetView> ApplyAsync(TargetDelta delta, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<Receipt> ApplyAsync(ModelDelta delta, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<TargetBreakerState> GetBreakerAsync(string target, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<TargetBreakerState> SetBreakerAsync(string target, BreakerForce force, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<FailoverStory>> GetStoriesAsync(string model, CancellationToken cancellation) => ValueTask.FromResult<IReadOnlyList<FailoverStory>>([]);

    public ValueTask<TargetStats> GetTargetAsync(string target, Window window, CancellationToken cancellation)
    {
        Asked.Add(target);
        return ValueTask.FromResult(new TargetStats(target, Empty, null));
    }

    public async ValueTask<ModelStats> GetModelAsync(string name, Window window, CancellationToken cancellation) => new(name, await model(cancellation));

    public ValueTask<MeterSeries> GetTargetSeriesAsync(string target, SeriesQuery query, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<MeterSeries> GetModelSeriesAsync(string model, SeriesQuery query, CancellationToken cancellation) => throw new NotSupportedException();
}
