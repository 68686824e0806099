namespace Relay.Gateway.Upstream.Egress;

/// <summary>A proxy does not let Relay through.</summary>
/// <param name="message">Why, for the client: no secret, no address.</param>
internal sealed class ProxyException(string message) : IOException(message);
