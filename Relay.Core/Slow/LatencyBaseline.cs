namespace Relay.Core.Slow;

/// <summary>What is usual for one measure of one target, and from where on it is slow. Not thread-safe.</summary>
internal sealed class LatencyBaseline
{
    /// <summary>The limits are worked out anew after so many measurements.</summary>
    private const int Refresh = 16;

    /// <summary>Times the 95th percentile: what comes now and then is not slow, however wide the spread.</summary>
    private const double SpreadFactor = 2;

    private readonly SlowOptions _options;
    private readonly TimeSpan _minDifference;
    private readonly DecayedHistogram _values;
    private int _freshAt;
    private TimeSpan _median;

    /// <summary>Starts with nothing known.</summary>
    /// <param name="options">The model's options.</param>
    /// <param name="minDifference">What a value must be above the median at least to be slow.</param>
    public LatencyBaseline(SlowOptions options, TimeSpan minDifference)
        : this(options, minDifference, new(options.HalfLife))
    {
    }

    private LatencyBaseline(SlowOptions options, TimeSpan minDifference, DecayedHistogram values)
    {
        _options = options;
        _minDifference = minDifference;
        _values = values;
        Work();
    }

    /// <summary>Measurements so far.</summary>
    public int Count => _values.Count;

    /// <summary>Above this a value is slow; MaxValue as long as too little is known.</summary>
    public TimeSpan Limit { get; private set; }

    /// <summary>The same for a probe: half way, in proportion, from the median. One look must tell more than one attempt among many.</summary>
    public TimeSpan ProbeLimit { get; private set; }

    /// <summary>The median; zero when nothing is known.</summary>
    public TimeSpan Median => _median;

    /// <summary>Learns a value.</summary>
    public void Add(TimeSpan value, TimeSpan now)
    {
        _values.Add(value, now);
        if (_values.Count >= _freshAt)
        {
            Work();
        }
    }

    /// <summary>What was learned, under other options.</summary>
    public LatencyBaseline CloneFor(SlowOptions options, TimeSpan minDifference) => new(options, minDifference, _values.Clone());

    private void Work()
    {
        _freshAt = _values.Count + (_values.Count < _options.MinSamples ? 1 : Refresh);
        if (_values.Count < _options.MinSamples)
        {
            (Limit, ProbeLimit) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
            return;
        }

        _median = _values.Quantile(0.5);
        var least = _median + _minDifference;
        var limit = Longer(_options.Factor * _median, SpreadFactor * _values.Quantile(0.95));
        Limit = Longer(limit, least);
        ProbeLimit = Longer(TimeSpan.FromTicks((long)Math.Sqrt((double)_median.Ticks * Limit.Ticks)), least);
    }

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
