using Relay.Core.Cost;
using Relay.Core.Errors;

namespace Relay.Silo.Grains;

/// <summary>
/// The places in the counter vector that a target (attempts) and a model (requests as clients saw them) share.
/// Behind the named ones follow one place per <see cref="ErrorKind"/>, one per <see cref="TokenCategory"/>, and one per
/// <see cref="MeteredEndpoint"/> and <see cref="ErrorKind"/>.
/// </summary>
public static class Counters
{
    /// <summary>Requests of a model; attempts at a target.</summary>
    public const int Count = 0;

    /// <summary>Those that ended well.</summary>
    public const int Successes = 1;

    /// <summary>Those that were streamed.</summary>
    public const int Streams = 2;

    /// <summary>Attempts that repeated one at the same target.</summary>
    public const int Retries = 3;

    /// <summary>Model: requests answered by another target than the first one tried. Target: requests that left it for another.</summary>
    public const int Failovers = 4;

    /// <summary>Model: attempts that its requests took. Target: the same as <see cref="Count"/>.</summary>
    public const int Attempts = 5;

    /// <summary>Cost in 1e-9 USD.</summary>
    public const int CostNanoUsd = 6;

    /// <summary>Answers that have a price.</summary>
    public const int Priced = 7;

    /// <summary>Answers with tokens for which no price is known.</summary>
    public const int Unpriced = 8;

    /// <summary>Answers whose tokens had to be estimated.</summary>
    public const int Estimated = 9;

    /// <summary>Stream events that could not be read and were skipped.</summary>
    public const int MalformedEvents = 10;

    /// <summary>All tokens of the answers that have a price: what <see cref="CostNanoUsd"/> was paid for.</summary>
    public const int PricedTokens = 11;

    /// <summary>Model: requests whose stream broke and was continued to its end. Target: attempts that went on with the broken stream of another.</summary>
    public const int Rescues = 12;

    /// <summary>Tokens of attempts of which no client got anything; they are among the tokens of the target, not of the model.</summary>
    public const int WastedTokens = 13;

    /// <summary>Their cost in 1e-9 USD; it is part of the cost of the target, not of the model.</summary>
    public const int WastedCostNanoUsd = 14;

    /// <summary>Attempts that were slow; of a model, those that its requests took.</summary>
    public const int Slow = 15;

    /// <summary>Standby probes of a target; they are no attempts.</summary>
    public const int StandbyProbes = 16;

    /// <summary>Those that failed.</summary>
    public const int StandbyFailures = 17;

    /// <summary>The first of the error places.</summary>
    private const int FirstError = 18;

    private static readonly int FirstTokens = FirstError + ErrorTable.Count;
    private static readonly int FirstOutcome = FirstTokens + TokenCategories.Count;

    /// <summary>The width of the vector.</summary>
    public static int Width { get; } = FirstOutcome + (MeteredEndpoints.Count * ErrorTable.Count);

    /// <summary>The place of an error kind.</summary>
    public static int Error(ErrorKind kind) => FirstError + (int)kind;

    /// <summary>The place of a token category.</summary>
    public static int Tokens(TokenCategory category) => FirstTokens + (int)category;

    /// <summary>The place of what ended in one way at one endpoint; <see cref="ErrorKind.None"/> counts those that ended well.</summary>
    public static int Outcome(MeteredEndpoint endpoint, ErrorKind kind) => FirstOutcome + ((int)endpoint * ErrorTable.Count) + (int)kind;
}
