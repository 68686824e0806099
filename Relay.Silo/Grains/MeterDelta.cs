using Relay.Core.Latency;

namespace Relay.Silo.Grains;

/// <summary>What happened at one target or model since the last flush.</summary>
/// <param name="Counts">The counter vector, see <see cref="Counters"/>; <see cref="Counters.Width"/> wide.</param>
/// <param name="Latency">Total latency of requests or attempts, in microseconds.</param>
/// <param name="FirstToken">Time to first token, in microseconds; streams only.</param>
/// <param name="InterToken">Time between tokens, in microseconds; streams only.</param>
/// <param name="TokensPerSecond">Output tokens per second of each stream, in thousandths, see <see cref="TokenRate"/>.</param>
public sealed record MeterDelta(long[] Counts, HistogramSnapshot Latency, HistogramSnapshot FirstToken, HistogramSnapshot InterToken, HistogramSnapshot TokensPerSecond);
