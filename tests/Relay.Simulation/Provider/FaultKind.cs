namespace Relay.Simulation.Provider;

/// <summary>What a provider does with one request.</summary>
internal enum FaultKind : byte
{
    /// <summary>Answers.</summary>
    None,

    /// <summary>Answers; first token and gaps take several times as long.</summary>
    Slow,

    /// <summary>500.</summary>
    Error500,

    /// <summary>503, sometimes with Retry-After.</summary>
    Error503,

    /// <summary>429 without a header.</summary>
    RateLimited,

    /// <summary>429 with Retry-After, in one of its three forms.</summary>
    RetryAfter,

    /// <summary>429 insufficient_quota.</summary>
    Quota,

    /// <summary>401.</summary>
    Unauthorized,

    /// <summary>404.</summary>
    NotFound,

    /// <summary>400 context_length_exceeded.</summary>
    ContextLength,

    /// <summary>400 content_policy_violation.</summary>
    ContentPolicy,

    /// <summary>400 of another kind.</summary>
    BadRequest,

    /// <summary>No connection: refused.</summary>
    Refused,

    /// <summary>A connection that never opens.</summary>
    NeverConnects,

    /// <summary>No free connection.</summary>
    PoolFull,

    /// <summary>Takes nothing of the request's body.</summary>
    NeverReads,

    /// <summary>The connection breaks before the headers.</summary>
    Reset,

    /// <summary>Takes the request and says nothing.</summary>
    Silent,

    /// <summary>Headers at once, then nothing.</summary>
    SilentBody,

    /// <summary>An error status whose body never ends.</summary>
    ErrorWithoutEnd,

    /// <summary>The connection breaks at some byte of the body.</summary>
    CutHard,

    /// <summary>The body ends, as if it were whole, at some byte.</summary>
    CutSoft,

    /// <summary>The body falls silent at some byte and never goes on.</summary>
    Stall,

    /// <summary>The body falls silent at some byte and goes on later.</summary>
    Pause,

    /// <summary>Whole, with events between that are no JSON.</summary>
    BrokenEvents,

    /// <summary>An error event at some place of the stream, or an error object under a 200.</summary>
    ErrorInside,

    /// <summary>Whole, without [DONE].</summary>
    NoDone,

    /// <summary>Whole, without [DONE], and the connection stays open.</summary>
    NoDoneOpen,

    /// <summary>All of the text and [DONE], but no finish_reason.</summary>
    NoFinish,

    /// <summary>Whole, without usage.</summary>
    NoUsage,

    /// <summary>Nothing but [DONE], or an answer without content.</summary>
    Empty,

    /// <summary>A 200 of another content type.</summary>
    WrongType,
}
