namespace Relay.Simulator;

/// <summary>What goes wrong. Each kind's text form and scope are in the fault table that <c>--help</c> prints.</summary>
public enum FaultKind
{
    /// <summary>An error status with the dialect's error body.</summary>
    Status,

    /// <summary>A credential that is refused: 401, or Gemini's 400 API_KEY_INVALID.</summary>
    Unauthorized,

    /// <summary>An account that has used up what it paid for: 429 insufficient_quota, Anthropic's 400, Gemini's 429 with a quota violation.</summary>
    Quota,

    /// <summary>502 with an HTML page.</summary>
    Html,

    /// <summary>400 to a request whose last message is the assistant's.</summary>
    NoPrefill,

    /// <summary>Connection reset before any header.</summary>
    Reset,

    /// <summary>Accepted and read, no header; for a time or until the client leaves.</summary>
    Silence,

    /// <summary>200 and headers at once, then nothing for a time.</summary>
    HeadersThenSilence,

    /// <summary>The first token takes this long.</summary>
    FirstToken,

    /// <summary>All delays times a factor.</summary>
    Slow,

    /// <summary>The stream ends after N words.</summary>
    CutAfter,

    /// <summary>The stream pauses after N words.</summary>
    StallAfter,

    /// <summary>One extra event of broken JSON after N words.</summary>
    MalformedEventAfter,

    /// <summary>An error event inside the 200 stream after N words; the stream then ends.</summary>
    ErrorInStreamAfter,

    /// <summary>One SSE line larger than a sane limit.</summary>
    HugeLine,

    /// <summary>The role chunk, then a clean end.</summary>
    RoleOnly,

    /// <summary>No end mark: <c>data: [DONE]</c>, message_stop, the array's bracket.</summary>
    NoDone,

    /// <summary>OpenAI: usage on the finish chunk, which has choices; no chunk of its own.</summary>
    UsageOnChoices,

    /// <summary>No usage, asked for or not.</summary>
    NoUsage,

    /// <summary>An answer without choices, content blocks or candidates.</summary>
    EmptyChoices,

    /// <summary>Plain answer: Content-Length is larger than what is sent.</summary>
    TruncatedBody,

    /// <summary>Plain answer: 200 with broken JSON.</summary>
    BadJsonBody,

    /// <summary>A provider with too much to do: 503, or Anthropic's 529.</summary>
    Overloaded,

    /// <summary>The provider's safety system ends the answer after N words: content_filter, refusal, SAFETY.</summary>
    RefusalAfter,

    /// <summary>An answer that does not say why it ends.</summary>
    NoFinish,

    /// <summary>A right answer whose headers say that a rate limit is reached.</summary>
    LimitReached,
}

/// <summary>How a cut or a pause ends.</summary>
public enum FaultEnd
{
    /// <summary>The connection is reset (HTTP/2: the stream).</summary>
    Abort,

    /// <summary>The body ends properly, without finish reason and end mark.</summary>
    Clean,

    /// <summary>The answer goes on.</summary>
    Continue,
}

/// <summary>How Retry-After is said.</summary>
public enum RetryAfterForm
{
    /// <summary>retry-after, whole seconds.</summary>
    Seconds,

    /// <summary>retry-after-ms, OpenAI's own header.</summary>
    Milliseconds,

    /// <summary>retry-after, an HTTP date.</summary>
    Date,
}
