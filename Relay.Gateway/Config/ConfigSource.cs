namespace Relay.Gateway.Config;

/// <summary>The configuration file that a gateway follows while it runs.</summary>
/// <param name="AsRead">What was read of it at the start; its <see cref="RelayConfig.Path"/> is the file.</param>
/// <param name="Environment">Where it is read again.</param>
public sealed record ConfigSource(RelayConfig AsRead, IEnvironment Environment);
