using Relay.Core.Breaker;
using Relay.Core.Latency;
using Relay.Silo.Grains;
using Relay.Silo.Orleans.Wire;

namespace Relay.Silo.Orleans;

/// <summary>Hosts a <see cref="TargetGrain"/>: moves with what it knows when its silo stops, and tells gateways of trips at once.</summary>
[GrainType("relay-target")]
internal sealed class OrleansTargetGrain(SliceClock clock) : Grain, ITargetGrain, IGrainMigrationParticipant
{
    /// <summary>One for each gateway, at most <see cref="GatewayReports.MaxGateways"/>.</summary>
    private readonly Dictionary<string, IViewObserver> _observers = [];
    private TargetGrain? _grain;
    private long _toldEpoch;

    private TargetGrain Plain => _grain ??= new(Name);

    private string Name => this.GetPrimaryKeyString();

    public async Task<ViewWire> ApplyAsync(DeltaWire delta)
    {
        var view = Plain.Apply(delta.ToTarget(Name), clock.Now);
        Watch(delta);
        this.StartAnewIf(view.Receipt.HasGap);
        if (view.Cluster.Epoch != _toldEpoch)
        {
            _toldEpoch = view.Cluster.Epoch;
            await TellAsync(delta.Gateway);
        }

        return ViewWire.Of(view);
    }

    public Task<bool> RestoreAsync(DeliveryWire delivery) =>
        Task.FromResult(Plain.Restore(new(GrainKind.Target, Name, delivery.Gateway, delivery.Before, delivery.History.ToPlain()), clock.Now));

    public Task<StatsWire> GetStatsAsync(int window) => Task.FromResult(StatsWire.Of(Plain.Stats((Window)window, clock.Now)));

    public Task<SeriesWire> GetSeriesAsync(SeriesQueryWire query) => Task.FromResult(SeriesWire.Of(Plain.Series(query.ToPlain(), clock.Now)));

    public Task<BreakerStateWire> GetBreakerAsync() => Task.FromResult(BreakerStateWire.Of(Plain.Breaker(clock.Now)));

    public async Task<BreakerStateWire> DecideAsync(int force)
    {
        var state = Plain.Decide(BreakerWire.Known((BreakerForce)force), clock.Now);
        await TellAsync(except: "");
        return BreakerStateWire.Of(state);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => this.MoveIfItsSiloStops(reason);

    public void OnDehydrate(IDehydrationContext dehydrationContext) => dehydrationContext.TryAddValue(MemoryWire.Key, MemoryWire.Of(Plain.Remember(clock.Now)));

    public void OnRehydrate(IRehydrationContext rehydrationContext)
    {
        if (rehydrationContext.TryGetValue<MemoryWire>(MemoryWire.Key, out var memory))
        {
            Plain.Resume(memory.ToPlain(), clock.Now);
        }
    }

    /// <summary>Nobody waits for a gateway: these calls have no answer.</summary>
    private async Task TellAsync(string except)
    {
        var view = ViewWire.Of(Plain.View(clock.Now));
        foreach (var (_, observer) in _observers.Where(o => o.Key != except))
        {
            await observer.OnViewAsync(Name, view);
        }
    }

    private void Watch(DeltaWire delta)
    {
        if (delta.Observer is not null && (_observers.Count < GatewayReports.MaxGateways || _observers.ContainsKey(delta.Gateway)))
        {
            _observers[delta.Gateway] = delta.Observer;
        }
    }
}
