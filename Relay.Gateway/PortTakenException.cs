using System.Net;

namespace Relay.Gateway;

/// <summary>A part cannot listen where it should.</summary>
/// <param name="option">The option that says where, such as <c>listen.grpc</c>.</param>
/// <param name="endpoint">Where.</param>
/// <param name="inner">What the server said.</param>
public sealed class PortTakenException(string option, IPEndPoint endpoint, Exception inner)
    : IOException($"{endpoint} is taken. Stop what listens there, or set {option} in relay.json.", inner);
