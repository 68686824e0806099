using System.Collections.Frozen;
using Relay.Gateway.Config;

namespace Relay.Gateway.Tests.Kit;

/// <summary>Changes providers of a configuration.</summary>
internal static class Providers
{
    public static FrozenDictionary<string, ProviderOptions> Change(RelayConfig config, Func<ProviderOptions, ProviderOptions> change) =>
        config.Providers.Values.Select(change).ToFrozenDictionary(p => p.Name);
}
