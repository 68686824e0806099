namespace Relay.Gateway.Attempts;

/// <summary>What an attempt is waiting for: which of the separate time limits is running.</summary>
internal enum Phase
{
    /// <summary>For a free connection from the pool.</summary>
    PoolWait,

    /// <summary>For a new connection to open, TLS included.</summary>
    Connect,

    /// <summary>For the request to be written.</summary>
    RequestWrite,

    /// <summary>For the first generated token.</summary>
    FirstToken,

    /// <summary>For the next token.</summary>
    Idle,

    /// <summary>For a plain answer to be complete.</summary>
    Attempt,

    /// <summary>After finish_reason: for usage and the end of the stream.</summary>
    FinishGrace,

    /// <summary>For the client to take what was written; the provider's limits rest.</summary>
    ClientWrite,
}
