namespace Relay.Load.Overload;

/// <summary>What came of a request.</summary>
internal enum Outcome
{
    /// <summary>It never had an answer that was right: it is lost.</summary>
    Lost,

    /// <summary>A whole and right answer.</summary>
    Served,

    /// <summary>503 with Retry-After.</summary>
    Shed,

    /// <summary>503 that does not say when to come back.</summary>
    ShedWithoutRetryAfter,
}

/// <summary>One request.</summary>
/// <param name="AtMicros">When it was meant to start, from the start of the run.</param>
/// <param name="Micros">From then to its last byte.</param>
/// <param name="Outcome">What came of it.</param>
internal readonly record struct Sent(long AtMicros, long Micros, Outcome Outcome);
