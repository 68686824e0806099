using Relay.Core.Credentials;
using Relay.Core.Errors;
using Relay.Silo.Grains;

namespace Relay.Silo.Orleans.Wire;

/// <summary>A model and its targets, as they travel.</summary>
[GenerateSerializer, Immutable, Alias("relay.model-topology")]
public sealed record ModelWire([property: Id(0)] string Model, [property: Id(1)] string Strategy, [property: Id(2)] string[] Targets);

/// <summary>How a credential stands, as it travels.</summary>
[GenerateSerializer, Immutable, Alias("relay.credential")]
public sealed record CredentialWire(
    [property: Id(0)] string Name,
    [property: Id(1)] int Weight,
    [property: Id(2)] int State,
    [property: Id(3)] int Reason,
    [property: Id(4)] DateTimeOffset Since,
    [property: Id(5)] DateTimeOffset? Until,
    [property: Id(6)] long Attempts);

/// <summary>A provider, as it travels.</summary>
[GenerateSerializer, Immutable, Alias("relay.provider")]
public sealed record ProviderWire([property: Id(0)] string Provider, [property: Id(1)] string Dialect, [property: Id(2)] CredentialWire[] Credentials);

/// <summary>What gateways have configured, as it travels.</summary>
[GenerateSerializer, Immutable, Alias("relay.topology")]
public sealed record TopologyWire(
    [property: Id(0)] string Gateway, [property: Id(1)] string ConfigVersion, [property: Id(2)] ModelWire[] Models, [property: Id(3)] ProviderWire[] Providers)
{
    /// <summary>Packs it.</summary>
    public static TopologyWire Of(TopologyReport plain) => new(
        plain.Gateway,
        plain.ConfigVersion,
        [.. plain.Models.Select(m => new ModelWire(m.Model, m.Strategy, [.. m.Targets]))],
        [.. plain.Providers.Select(p => new ProviderWire(
            p.Provider, p.Dialect, [.. p.Credentials.Select(c => new CredentialWire(c.Name, c.Weight, (int)c.State, (int)c.Reason, c.Since, c.Until, c.Attempts))]))]);

    /// <summary>It.</summary>
    public TopologyReport ToPlain() => new(
        Gateway,
        ConfigVersion,
        [.. Models.Select(m => new ModelTopology(m.Model, m.Strategy, m.Targets))],
        [.. Providers.Select(p => new ProviderReport(p.Provider, p.Dialect, [.. p.Credentials.Select(ToPlain)]))]);

    private static CredentialReport ToPlain(CredentialWire c) => new(
        c.Name, c.Weight, BreakerWire.Known((CredentialState)c.State), BreakerWire.Known((ErrorKind)c.Reason), c.Since, c.Until, c.Attempts);
}
