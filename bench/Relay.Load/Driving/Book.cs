using Relay.Core.Latency;
using Relay.Load.Http;

namespace Relay.Load.Driving;

/// <summary>Counts answers; shared by all connections of a run. Only right answers enter the latencies.</summary>
internal sealed class Book
{
    private const int MaxReasons = 32;

    private readonly Lock _gate = new();
    private readonly HistogramBuffer _latency = new();
    private readonly HistogramBuffer _firstToken = new();
    private readonly HistogramBuffer _gap = new();
    private readonly Dictionary<string, long> _errors = [];

    /// <summary>Counts a right answer.</summary>
    /// <param name="startAt">When it started, or was meant to.</param>
    /// <param name="endAt">When its last byte came.</param>
    /// <param name="gauge">Its stream, or null.</param>
    public void Count(long startAt, long endAt, SseGauge? gauge)
    {
        lock (_gate)
        {
            _latency.Record(Clock.Micros(startAt, endAt));
            if (gauge is null)
            {
                return;
            }

            _firstToken.Record(Clock.Micros(startAt, gauge.FirstAt));
            foreach (var gap in gauge.Gaps)
            {
                _gap.Record(gap);
            }
        }
    }

    /// <summary>Counts one that was wrong or never came.</summary>
    public void CountError(string reason)
    {
        lock (_gate)
        {
            var name = _errors.ContainsKey(reason) || _errors.Count < MaxReasons ? reason : "other";
            _errors[name] = _errors.GetValueOrDefault(name) + 1;
        }
    }

    /// <summary>Everything since the last drain.</summary>
    public LoadResult Drain(double seconds)
    {
        lock (_gate)
        {
            var errors = new Dictionary<string, long>(_errors);
            _errors.Clear();
            return new(seconds, _latency.Drain(), _firstToken.Drain(), _gap.Drain(), errors);
        }
    }
}

/// <summary>What a run measured.</summary>
/// <param name="Seconds">Its length.</param>
/// <param name="Latency">From start to last byte.</param>
/// <param name="FirstToken">From start to first generated text; empty for plain answers.</param>
/// <param name="Gap">Between generated texts.</param>
/// <param name="Errors">Wrong answers by reason.</param>
internal sealed record LoadResult(
    double Seconds, HistogramSnapshot Latency, HistogramSnapshot FirstToken, HistogramSnapshot Gap, IReadOnlyDictionary<string, long> Errors)
{
    /// <summary>Right answers.</summary>
    public long Count => Latency.Count;

    /// <summary>Right answers per second.</summary>
    public double PerSecond => Count / Seconds;

    /// <summary>Wrong answers.</summary>
    public long ErrorCount => Errors.Values.Sum();
}
