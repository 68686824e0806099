namespace Relay.Core.Breaker;

/// <summary>What an operator decided for a breaker.</summary>
public enum BreakerForce
{
    /// <summary>Nothing: it follows what it sees.</summary>
    None = 0,

    /// <summary>It stays open until it is reset: no request and no probe goes to the target, unless all others have failed.</summary>
    Open = 1,

    /// <summary>It stays closed until it is reset: failures do not open it.</summary>
    Closed = 2,
}
