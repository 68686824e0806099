namespace Relay.Simulation.Planted;

/// <summary>Bugs that a run can be given, to show that it would find them. Only the simulation has this switch.</summary>
internal enum PlantedBug : byte
{
    /// <summary>None.</summary>
    None,

    /// <summary>A stream without finish_reason counts as whole.</summary>
    IgnoresFinishReason,

    /// <summary>A request that took several attempts is recorded twice.</summary>
    RecordsTwice,

    /// <summary>Now and then a request leaves no record.</summary>
    ForgetsRecord,

    /// <summary>The lease of a probe that failed is not given back.</summary>
    KeepsProbeLease,

    /// <summary>A half-open breaker lets everybody in.</summary>
    LetsEverybodyProbe,

    /// <summary>A breaker that is open stays so.</summary>
    NeverProbes,

    /// <summary>The retry budget is never used up.</summary>
    IgnoresRetryBudget,

    /// <summary>A Retry-After holds nobody back.</summary>
    IgnoresRetryAfter,

    /// <summary>A stream that broke after its first byte is tried anew, as if nothing had been sent.</summary>
    AttemptsAfterCommit,

    /// <summary>A rescue goes on with another text than was sent.</summary>
    RescuesOtherText,

    /// <summary>The last target of a model is never asked.</summary>
    ForgetsTarget,

    /// <summary>An answer that failed is tried again and again, beyond the retries that are allowed.</summary>
    RetriesInside,

    /// <summary>A delta that a grain did not take is taken for sent.</summary>
    LosesDelta,

    /// <summary>A delta that is sent again counts again.</summary>
    CountsDeltaTwice,

    /// <summary>A count of what is under way is not taken back after a failure.</summary>
    LeaksCounter,

    /// <summary>An answer's connection is not given back.</summary>
    LeaksConnection,

    /// <summary>The record has another cost than its tokens.</summary>
    WrongCost,

    /// <summary>A request goes on after its total limit.</summary>
    OutlastsTotal,

    /// <summary>A client is told nothing and its answer does not end.</summary>
    ForgetsClient,

    /// <summary>A piece of a stream is sent twice.</summary>
    RepeatsPiece,

    /// <summary>A piece of a stream is lost.</summary>
    LosesPiece,

    /// <summary>A provider is asked what another client asked.</summary>
    SendsAnothersQuestion,

    /// <summary>The record of a failure has another status than its client saw.</summary>
    RecordsOtherStatus,

    /// <summary>Now and then an exception comes up.</summary>
    Throws,

    /// <summary>Something other than the seed decides.</summary>
    IsNotDetermined,
}
