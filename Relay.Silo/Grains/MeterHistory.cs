using Relay.Core.Latency;

namespace Relay.Silo.Grains;

/// <summary>All that one gateway has reported of one target or model within the windows: what a grain that lost it asks for.</summary>
/// <param name="At">When it was taken, on the clock of the slices: time since 1970 UTC, monotonic.</param>
/// <param name="Counts">The counter vectors, see <see cref="Counters"/>.</param>
/// <param name="Latency">Total latency, microseconds.</param>
/// <param name="FirstToken">Time to first token, microseconds.</param>
/// <param name="InterToken">Time between tokens, microseconds.</param>
/// <param name="TokensPerSecond">Output tokens per second, thousandths.</param>
/// <remarks>Bounded as the meter is that it comes from: at most 115 slices of each part, 8.6 MB in all at worst.</remarks>
public sealed record MeterHistory(
    TimeSpan At,
    SlicePart<long[]>[] Counts,
    SlicePart<HistogramSnapshot>[] Latency,
    SlicePart<HistogramSnapshot>[] FirstToken,
    SlicePart<HistogramSnapshot>[] InterToken,
    SlicePart<HistogramSnapshot>[] TokensPerSecond);

/// <summary>Which kind of grain a name belongs to.</summary>
public enum GrainKind
{
    /// <summary>A target's.</summary>
    Target = 0,

    /// <summary>A model's.</summary>
    Model = 1,
}

/// <summary>Hands a grain what it has lost of a gateway.</summary>
/// <param name="Kind">The kind of grain.</param>
/// <param name="Name">Its name.</param>
/// <param name="Gateway">The gateway's id.</param>
/// <param name="Before">It holds all deltas of a lower sequence, and none of this one or a later one.</param>
/// <param name="History">What the gateway reported before.</param>
public sealed record HistoryDelivery(GrainKind Kind, string Name, string Gateway, long Before, MeterHistory History);

/// <summary>What a grain says to a delta of what it knows of the gateway.</summary>
/// <param name="KnownSince">The first delta of the gateway that this grain has heard: above 1, it lacks what came before.</param>
/// <param name="WantsHistory">It has not got what came before yet.</param>
/// <param name="HasGap">The delta before this one never came here: some other grain of the same name took it.</param>
/// <param name="IsNew">The delta counts now; false for one that was sent twice.</param>
public readonly record struct Receipt(long KnownSince, bool WantsHistory, bool HasGap = false, bool IsNew = false);
