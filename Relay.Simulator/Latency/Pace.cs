namespace Relay.Simulator;

/// <summary>Spaces one answer's tokens. Due times add up from the start, so that timer granularity does not slow the whole answer.</summary>
internal sealed class Pace
{
    private readonly TimeProvider _time;
    private readonly LatencyOptions _latency;
    private readonly double _factor;
    private readonly TimeSpan? _firstToken;
    private SplitMix64 _random;
    private long _due;

    public Pace(TimeProvider time, LatencyOptions latency, ulong seed, Fault? fault)
    {
        _time = time;
        _latency = latency;
        _random = new SplitMix64(seed);
        _factor = fault?.Kind == FaultKind.Slow ? fault.Factor : 1;
        _firstToken = fault?.Kind == FaultKind.FirstToken ? fault.Duration : null;
        _due = time.GetTimestamp();
    }

    /// <summary>Milliseconds to the first token.</summary>
    public double FirstTokenMs() => _firstToken?.TotalMilliseconds ?? (_latency.FirstToken.SampleMs(ref _random) * _factor);

    /// <summary>Milliseconds for the next <paramref name="tokens"/> tokens.</summary>
    public double TokensMs(int tokens)
    {
        if (_latency.PerToken.IsZero)
        {
            return 0;
        }

        var total = 0.0;
        for (var i = 0; i < tokens; i++)
        {
            total += _latency.PerToken.SampleMs(ref _random);
        }

        return total * _factor;
    }

    /// <summary>Waits until <paramref name="ms"/> after the previous due time.</summary>
    public Task WaitAsync(double ms, CancellationToken cancellationToken)
    {
        if (ms <= 0)
        {
            return Task.CompletedTask;
        }

        _due += (long)(ms * _time.TimestampFrequency / 1000);
        var left = _time.GetElapsedTime(_time.GetTimestamp(), _due);
        // Task.Delay drops fractions of a millisecond; rounded up, a token is never early.
        return left > TimeSpan.Zero ? Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), _time, cancellationToken) : Task.CompletedTask;
    }

    /// <summary>A scripted pause; what follows is paced from its end. Null waits until the client leaves.</summary>
    public async Task PauseAsync(TimeSpan? duration, CancellationToken cancellationToken)
    {
        await Task.Delay(duration ?? Timeout.InfiniteTimeSpan, _time, cancellationToken);
        _due = _time.GetTimestamp();
    }
}
