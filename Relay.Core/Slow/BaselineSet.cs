namespace Relay.Core.Slow;

/// <summary>
/// All that is usual for one target, and what it shows while it is in trouble. What is slow is not learned as usual, nor is anything
/// while the target is avoided; but what it shows for <see cref="SlowOptions.AcceptAfter"/> takes the place of what was usual. Not thread-safe.
/// </summary>
internal sealed class BaselineSet
{
    /// <summary>The place of the mean time between tokens; first tokens have theirs below it, one for each class.</summary>
    public const int InterToken = SlowClass.Count;

    /// <summary>The place of a plain answer's time for one unit of length.</summary>
    public const int PlainUnit = InterToken + 1;

    /// <summary>The place of a plain answer's whole time.</summary>
    public const int PlainWhole = PlainUnit + 1;

    private const int Places = PlainWhole + 1;

    private readonly SlowOptions _options;
    private readonly LatencyBaseline?[] _usual = new LatencyBaseline?[Places];
    private readonly LatencyBaseline?[] _shown = new LatencyBaseline?[Places];
    private TimeSpan? _troubleSince;
    private TimeSpan _lastTrip;

    /// <summary>Starts with nothing known.</summary>
    public BaselineSet(SlowOptions options) => _options = options;

    /// <summary>Starts with what another one learned.</summary>
    public BaselineSet(SlowOptions options, BaselineSet before)
        : this(options)
    {
        for (var i = 0; i < Places && options.HalfLife == before._options.HalfLife; i++)
        {
            _usual[i] = before._usual[i]?.CloneFor(options, Difference(i));
        }
    }

    /// <summary>Above this a first token of this class is slow.</summary>
    public TimeSpan FirstTokenLimit(SlowClass @class) => _usual[@class.Index]?.Limit ?? TimeSpan.MaxValue;

    /// <summary>Above this a value is slow; MaxValue as long as too little is known.</summary>
    public TimeSpan Limit(int place, bool probe) =>
        _usual[place] is not { } usual ? TimeSpan.MaxValue : probe ? usual.ProbeLimit : usual.Limit;

    /// <summary>The usual value; zero when nothing is known.</summary>
    public TimeSpan Median(int place) => _usual[place]?.Median ?? TimeSpan.Zero;

    /// <summary>Learns a value.</summary>
    /// <param name="place">Of what.</param>
    /// <param name="value">The value.</param>
    /// <param name="isUsual">It is not slow, and the target is not avoided.</param>
    /// <param name="now">The monotonic time.</param>
    public void Learn(int place, TimeSpan value, bool isUsual, TimeSpan now)
    {
        if (isUsual)
        {
            (_usual[place] ??= New(place)).Add(value, now);
        }

        if (_troubleSince is not null)
        {
            (_shown[place] ??= New(place)).Add(value, now);
        }
    }

    /// <summary>The target was found slow.</summary>
    public void Tripped(TimeSpan now)
    {
        _lastTrip = now;
        _troubleSince ??= now;
    }

    /// <summary>Trouble that lasted long enough is over, one way or the other: none was seen for as long, or it is how the target is now.</summary>
    public void Review(TimeSpan now)
    {
        if (_troubleSince is not { } since || now - since < _options.AcceptAfter)
        {
            return;
        }

        var isHowItIs = now - _lastTrip < _options.AcceptAfter;
        for (var i = 0; i < Places; i++)
        {
            _usual[i] = isHowItIs ? _shown[i] ?? _usual[i] : _usual[i];
            _shown[i] = null;
        }

        _troubleSince = null;
    }

    private LatencyBaseline New(int place) => new(_options, Difference(place));

    /// <summary>A plain answer's difference is a matter of its whole time, so that of a unit has none.</summary>
    private TimeSpan Difference(int place) => place switch
    {
        InterToken => _options.MinTokenDifference,
        PlainUnit => TimeSpan.Zero,
        _ => _options.MinDifference,
    };
}
