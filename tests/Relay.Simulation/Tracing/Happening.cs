namespace Relay.Simulation.Tracing;

/// <summary>What a trace tells of.</summary>
internal enum Happening : byte
{
    /// <summary>A client sends its request.</summary>
    Arrives,

    /// <summary>A client goes away by itself.</summary>
    Leaves,

    /// <summary>A breaker or a Retry-After keeps a request away from a target.</summary>
    Refused,

    /// <summary>A request is let in as the probe of a half-open breaker.</summary>
    Probe,

    /// <summary>A request reaches a provider; the value is the fault that waits there.</summary>
    Attempt,

    /// <summary>A provider is let go of: its answer was read or dropped.</summary>
    Freed,

    /// <summary>A target's state hears a verdict.</summary>
    Verdict,

    /// <summary>A retry is taken from the budget.</summary>
    Retry,

    /// <summary>A target is to be left alone, so many milliseconds.</summary>
    LeftAlone,

    /// <summary>The first byte goes to the client.</summary>
    Begins,

    /// <summary>The client has its whole answer.</summary>
    Answered,

    /// <summary>The client is told an error; the value is its kind.</summary>
    Told,

    /// <summary>The client's answer breaks off; the value is the kind of the error.</summary>
    Broken,

    /// <summary>The request's record; the value is the kind of its error.</summary>
    Record,

    /// <summary>The pipeline is through with the request.</summary>
    Through,

    /// <summary>A grain takes a delta.</summary>
    Delta,

    /// <summary>A grain fails a delta, or its answer is lost.</summary>
    DeltaFails,

    /// <summary>Another configuration comes into force.</summary>
    Swapped,
}
