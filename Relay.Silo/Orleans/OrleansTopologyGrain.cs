using Relay.Silo.Grains;
using Relay.Silo.Orleans.Wire;

namespace Relay.Silo.Orleans;

/// <summary>The owner of what gateways have configured. There is one, under <see cref="Key"/>.</summary>
[Alias("relay.topology-owner")]
public interface ITopologyGrain : IGrainWithStringKey
{
    /// <summary>Its key.</summary>
    const string Key = "all";

    /// <summary>Takes over what a gateway has configured.</summary>
    [Alias("apply")]
    Task ApplyAsync(TopologyWire report);

    /// <summary>What all gateways have configured together.</summary>
    [Alias("get")]
    Task<TopologyWire> GetAsync();
}

/// <summary>Hosts a <see cref="TopologyGrain"/>. One that is lost is whole again when every gateway has reported, within seconds.</summary>
[GrainType("relay-topology")]
internal sealed class OrleansTopologyGrain(SliceClock clock) : Grain, ITopologyGrain
{
    private readonly TopologyGrain _grain = new();

    public Task ApplyAsync(TopologyWire report)
    {
        _grain.Apply(report.ToPlain(), clock.Now);
        return Task.CompletedTask;
    }

    public Task<TopologyWire> GetAsync() => Task.FromResult(TopologyWire.Of(_grain.Merge(clock.Now)));
}
