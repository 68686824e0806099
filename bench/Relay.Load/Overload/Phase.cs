using Relay.Load.Driving;

namespace Relay.Load.Overload;

/// <summary>A part of the run.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="From">When it starts, from the start of the run.</param>
/// <param name="Length">How long requests arrive in it.</param>
/// <param name="PerSecond">The arrival rate.</param>
internal sealed record Phase(string Name, TimeSpan From, TimeSpan Length, double PerSecond)
{
    /// <summary>Load under the capacity: 0.8 of it.</summary>
    public const double Normal = 0.8;

    /// <summary>Before, overload, and after.</summary>
    /// <param name="capacity">What the server can carry, in requests/s.</param>
    /// <param name="factor">The overload, as a multiple of it.</param>
    /// <param name="seconds">How long the overload lasts; the others twice as long.</param>
    public static Phase[] Of(double capacity, double factor, TimeSpan seconds) =>
    [
        new("before, 0.8 × the capacity", TimeSpan.Zero, 2 * seconds, Normal * capacity),
        new(FormattableString.Invariant($"overload, {factor:0.#} × the capacity"), 2 * seconds, seconds, factor * capacity),
        new("after, 0.8 × the capacity", 3 * seconds, 2 * seconds, Normal * capacity),
    ];

    /// <summary>When its requests start, in ticks from the start of the run.</summary>
    public IEnumerable<long> Offsets => TimedSends.Evenly(Clock.Ticks(From), PerSecond, Length);

    /// <summary>A request of this phase.</summary>
    public bool Has(Sent request) => request.AtMicros >= From.TotalMicroseconds && request.AtMicros < (From + Length).TotalMicroseconds;
}
