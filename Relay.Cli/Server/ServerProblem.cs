namespace Relay.Cli.Server;

/// <summary>The server did not give what was asked for; the message says why and what to do, for people.</summary>
internal sealed class ServerProblem(string message) : Exception(message);
