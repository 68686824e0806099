namespace Relay.Core.Errors;

/// <summary>
/// The closed vocabulary of everything that can go wrong with a request or an attempt.
/// What each kind means for status codes, retries, verdicts and SLOs stands in one place: <see cref="ErrorTable"/>.
/// </summary>
public enum ErrorKind
{
    /// <summary>Nothing went wrong.</summary>
    None = 0,

    /// <summary>The request itself is wrong: syntax, types, missing fields, or the provider called it invalid.</summary>
    InvalidRequest,

    /// <summary>No key, or a key that Relay does not know.</summary>
    Authentication,

    /// <summary>The key is known but may not use this model or feature.</summary>
    Permission,

    /// <summary>No model of that name is configured.</summary>
    UnknownModel,

    /// <summary>The prompt does not fit into the target's context window; another target may fit it.</summary>
    ContextLength,

    /// <summary>The provider's content policy refused the prompt or the answer.</summary>
    ContentPolicy,

    /// <summary>The request body is over the limit.</summary>
    TooLarge,

    /// <summary>The client went away before its answer was complete.</summary>
    ClientClosed,

    /// <summary>The deadline that the client itself gave has passed.</summary>
    ClientDeadline,

    /// <summary>The key is over its own request rate.</summary>
    RateLimited,

    /// <summary>The budget of the key or its team is used up.</summary>
    BudgetExhausted,

    /// <summary>Relay carries as many requests as it may and sheds this one.</summary>
    Overloaded,

    /// <summary>The provider answered 429: too many requests or tokens.</summary>
    ProviderRateLimited,

    /// <summary>The provider account has no quota or credit left.</summary>
    ProviderQuota,

    /// <summary>The provider refused Relay's credential.</summary>
    ProviderAuth,

    /// <summary>The provider does not know the upstream model or URL.</summary>
    ProviderNotFound,

    /// <summary>The provider failed: a 5xx, or an error inside a 200 stream.</summary>
    ProviderError,

    /// <summary>The provider says it is overloaded (503, 529).</summary>
    ProviderOverloaded,

    /// <summary>No connection to the provider: refused, unreachable, unresolved, or not within the connect or pool-wait limit.</summary>
    ConnectFailed,

    /// <summary>The TLS handshake with the provider failed.</summary>
    Tls,

    /// <summary>The connection to the provider broke before the answer was complete, or the request could not be written in time.</summary>
    ConnectionReset,

    /// <summary>No token within the first-token limit.</summary>
    FirstTokenTimeout,

    /// <summary>The stream fell silent between tokens for longer than the idle limit.</summary>
    IdleTimeout,

    /// <summary>The attempt or the whole request took longer than its limit.</summary>
    TotalTimeout,

    /// <summary>The provider's answer cannot be read: broken JSON, wrong shape, an oversized line.</summary>
    Malformed,

    /// <summary>The provider's answer ended early: no finish_reason, or fewer bytes than announced.</summary>
    Truncated,

    /// <summary>A fault in Relay itself.</summary>
    Internal,
}

/// <summary>Whose fault it is: the first word of every error's story.</summary>
public enum FaultDomain
{
    /// <summary>No fault.</summary>
    None,

    /// <summary>The client that sent the request.</summary>
    Caller,

    /// <summary>A limit that the operator set.</summary>
    Policy,

    /// <summary>The provider, or the way to it.</summary>
    Provider,

    /// <summary>Relay.</summary>
    Gateway,
}
