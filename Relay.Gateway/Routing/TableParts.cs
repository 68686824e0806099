using Microsoft.Extensions.Logging;
using Relay.Gateway.Config;
using Relay.Gateway.Upstream.Egress;

namespace Relay.Gateway.Routing;

/// <summary>Makes what a <see cref="RoutingTable"/> has of the world outside and of state. The simulation puts its own in place: no sockets, and states that are watched.</summary>
internal class TableParts
{
    /// <summary>The way to a provider.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="longestConnect">The longest connect limit of any model that uses it.</param>
    public virtual HttpMessageHandler CreateHandler(ProviderOptions provider, TimeSpan longestConnect) => EgressHandler.Create(provider, longestConnect);

    /// <summary>The run-time state of a target, by the options of a model that uses it; the other parameters are those of <see cref="TargetState"/>.</summary>
    public virtual TargetState CreateState(string name, ModelOptions model, TimeProvider time, Sampler sampler, ILogger log, TargetState? before) =>
        new(name, model.Breaker, model.Slow, time, sampler, log, before);
}
