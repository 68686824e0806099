using System.Runtime.CompilerServices;
using Relay.Gateway.Recording;
using Relay.Gateway.Telemetry.Metrics;

namespace Relay.Gateway.Streaming;

/// <summary>Collects times between tokens and hands them to the meters in batches, so that a stream takes their locks rarely.</summary>
/// <param name="target">The target's meter.</param>
/// <param name="model">The model's.</param>
/// <param name="metric">The process's.</param>
/// <param name="chunks">The tags for telemetry; null when nobody listens.</param>
internal struct GapBuffer(MeterShards target, MeterShards model, MetricHistogram metric, KeyValuePair<string, object?>[]? chunks)
{
    private const int Size = 64;

    private Gaps _gaps;
    private int _count;

    /// <summary>Adds one time between two tokens.</summary>
    public void Add(TimeSpan gap)
    {
        _gaps[_count++] = (int)Math.Min(gap.TotalMicroseconds, int.MaxValue);
        if (_count == Size)
        {
            Flush();
        }
    }

    /// <summary>Hands over what is left.</summary>
    public void Flush()
    {
        if (_count > 0)
        {
            ReadOnlySpan<int> gaps = _gaps;
            target.RecordGaps(gaps[.._count]);
            model.RecordGaps(gaps[.._count]);
            foreach (var gap in gaps[.._count])
            {
                metric.Observe(gap);
            }

            if (chunks is not null)
            {
                GenAiMeter.CountChunks(gaps[.._count], chunks);
            }

            _count = 0;
        }
    }

    [InlineArray(Size)]
    private struct Gaps
    {
        private int _first;
    }
}
