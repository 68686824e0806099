using Relay.Core.Breaker;
using Relay.Core.Latency;
using Relay.Silo.Grains;
using Relay.Silo.Orleans.Wire;

namespace Relay.Silo.Orleans;

/// <summary>Reaches the grains of the cluster. Thread-safe; a call fails while the cluster is away, and by itself works again afterwards.</summary>
/// <param name="client">The client, or an exception while there is none.</param>
public sealed class OrleansGrains(Func<IClusterClient> client) : IGrains
{
    private readonly ViewObserver _observer = new();
    private readonly Lock _gate = new();
    private (IClusterClient Client, IViewObserver Reference)? _listening;

    /// <inheritdoc/>
    public bool IsShared => true;

    /// <inheritdoc/>
    public void Listen(Action<string, TargetView> listener) => _observer.Listener += listener;

    /// <inheritdoc/>
    public async ValueTask<TargetView> ApplyAsync(TargetDelta delta, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(delta);
        var cluster = client();
        var call = cluster.GetGrain<ITargetGrain>(delta.Target).ApplyAsync(DeltaWire.Of(delta, Reference(cluster)));
        return (await call.WaitAsync(cancellation)).ToPlain();
    }

    /// <inheritdoc/>
    public async ValueTask<Receipt> ApplyAsync(ModelDelta delta, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(delta);
        var call = client().GetGrain<IModelGrain>(delta.Model).ApplyAsync(DeltaWire.Of(delta));
        return (await call.WaitAsync(cancellation)).ToReceipt();
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RestoreAsync(HistoryDelivery delivery, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        var wire = new DeliveryWire(delivery.Gateway, delivery.Before, HistoryWire.Of(delivery.History));
        return await Grain(delivery.Kind, delivery.Name).RestoreAsync(wire).WaitAsync(cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<TargetBreakerState> GetBreakerAsync(string target, CancellationToken cancellation) =>
        (await client().GetGrain<ITargetGrain>(target).GetBreakerAsync().WaitAsync(cancellation)).ToPlain(target);

    /// <inheritdoc/>
    public async ValueTask<TargetBreakerState> SetBreakerAsync(string target, BreakerForce force, CancellationToken cancellation) =>
        (await client().GetGrain<ITargetGrain>(target).DecideAsync((int)force).WaitAsync(cancellation)).ToPlain(target);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<FailoverStory>> GetStoriesAsync(string model, CancellationToken cancellation) =>
        [.. (await client().GetGrain<IModelGrain>(model).GetStoriesAsync().WaitAsync(cancellation)).Select(s => s.ToPlain())];

    /// <inheritdoc/>
    public async ValueTask<TargetStats> GetTargetAsync(string target, Window window, CancellationToken cancellation) =>
        (await Grain(GrainKind.Target, target).GetStatsAsync((int)window).WaitAsync(cancellation)).ToTarget(target);

    /// <inheritdoc/>
    public async ValueTask<ModelStats> GetModelAsync(string model, Window window, CancellationToken cancellation) =>
        (await Grain(GrainKind.Model, model).GetStatsAsync((int)window).WaitAsync(cancellation)).ToModel(model);

    /// <inheritdoc/>
    public async ValueTask<MeterSeries> GetTargetSeriesAsync(string target, SeriesQuery query, CancellationToken cancellation) =>
        (await Grain(GrainKind.Target, target).GetSeriesAsync(SeriesQueryWire.Of(query)).WaitAsync(cancellation)).ToPlain();

    /// <inheritdoc/>
    public async ValueTask<MeterSeries> GetModelSeriesAsync(string model, SeriesQuery query, CancellationToken cancellation) =>
        (await Grain(GrainKind.Model, model).GetSeriesAsync(SeriesQueryWire.Of(query)).WaitAsync(cancellation)).ToPlain();

    private IMeterGrain Grain(GrainKind kind, string name) =>
        kind == GrainKind.Target ? client().GetGrain<ITargetGrain>(name) : client().GetGrain<IModelGrain>(name);

    /// <summary>What silos reach this process by; one for each client.</summary>
    private IViewObserver Reference(IClusterClient cluster)
    {
        lock (_gate)
        {
            if (_listening is not { } listening || !ReferenceEquals(listening.Client, cluster))
            {
                _listening = listening = (cluster, cluster.CreateObjectReference<IViewObserver>(_observer));
            }

            return listening.Reference;
        }
    }

    private sealed class ViewObserver : IViewObserver
    {
        public event Action<string, TargetView>? Listener;

        public Task OnViewAsync(string target, ViewWire view)
        {
            Listener?.Invoke(target, view.ToPlain());
            return Task.CompletedTask;
        }
    }
}
