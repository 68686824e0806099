using Relay.Core.Latency;
using Relay.Silo.Grains;
using Relay.Silo.Orleans.Wire;

namespace Relay.Silo.Orleans;

/// <summary>Hosts a <see cref="ModelGrain"/>: moves with what it knows when its silo stops.</summary>
[GrainType("relay-model")]
internal sealed class OrleansModelGrain(SliceClock clock) : Grain, IModelGrain, IGrainMigrationParticipant
{
    private ModelGrain? _grain;

    private ModelGrain Plain => _grain ??= new(Name);

    private string Name => this.GetPrimaryKeyString();

    public Task<ViewWire> ApplyAsync(DeltaWire delta)
    {
        var receipt = Plain.Apply(delta.ToModel(Name), clock.Now);
        this.StartAnewIf(receipt.HasGap);
        return Task.FromResult(ViewWire.Of(receipt));
    }

    public Task<bool> RestoreAsync(DeliveryWire delivery) =>
        Task.FromResult(Plain.Restore(new(GrainKind.Model, Name, delivery.Gateway, delivery.Before, delivery.History.ToPlain()), clock.Now));

    public Task<StatsWire> GetStatsAsync(int window) => Task.FromResult(StatsWire.Of(Plain.Stats((Window)window, clock.Now)));

    public Task<SeriesWire> GetSeriesAsync(SeriesQueryWire query) => Task.FromResult(SeriesWire.Of(Plain.Series(query.ToPlain(), clock.Now)));

    public Task<StoryWire[]> GetStoriesAsync() => Task.FromResult<StoryWire[]>([.. Plain.Stories().Select(StoryWire.Of)]);

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => this.MoveIfItsSiloStops(reason);

    public void OnDehydrate(IDehydrationContext dehydrationContext) => dehydrationContext.TryAddValue(MemoryWire.Key, MemoryWire.Of(Plain.Remember(clock.Now)));

    public void OnRehydrate(IRehydrationContext rehydrationContext)
    {
        if (rehydrationContext.TryGetValue<MemoryWire>(MemoryWire.Key, out var memory))
        {
            Plain.Resume(memory.ToPlain(), clock.Now);
        }
    }
}
