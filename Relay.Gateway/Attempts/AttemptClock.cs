namespace Relay.Gateway.Attempts;

/// <summary>Why an attempt was stopped from this side.</summary>
internal enum StopCause
{
    /// <summary>It was not.</summary>
    None,

    /// <summary>The limit of the running <see cref="Phase"/> passed.</summary>
    Phase,

    /// <summary>The request's total limit passed.</summary>
    Total,

    /// <summary>The client's own deadline passed.</summary>
    ClientDeadline,

    /// <summary>The client went away.</summary>
    ClientGone,
}

/// <summary>
/// All time limits of one attempt on one timer. Entering a phase is one store while the timer is due earlier anyway; when it fires too
/// early it arms itself again. The first cause wins and is what the error names.
/// </summary>
internal sealed class AttemptClock : IDisposable
{
    /// <summary>
    /// A client that leaves this shortly before its own deadline, or later, leaves for that: gRPC's clients count to the same moment on their
    /// side, and hang up. 100 ms.
    /// </summary>
    private static readonly TimeSpan DeadlineSlack = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenRegistration _client;
    private readonly ITimer _timer;
    private readonly TimeSpan _totalAt;
    private readonly TimeSpan _clientAt;
    private TimeSpan _phaseAt = TimeSpan.MaxValue;
    private TimeSpan _dueAt = TimeSpan.MaxValue;
    private bool _disposed;

    /// <summary>Starts with no phase running.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="totalAt">When the request's total limit passes, on the monotonic clock.</param>
    /// <param name="clientAt">When the client's own deadline passes; MaxValue for none.</param>
    /// <param name="clientGone">Cancelled when the client goes away.</param>
    public AttemptClock(TimeProvider time, TimeSpan totalAt, TimeSpan clientAt, CancellationToken clientGone)
    {
        _time = time;
        _totalAt = totalAt;
        _clientAt = clientAt;
        _timer = time.CreateTimer(static state => ((AttemptClock)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        lock (_gate)
        {
            Arm_NeedsLock(Monotonic.Now(time));
        }

        _client = clientGone.UnsafeRegister(static state => ((AttemptClock)state!).Stop(StopCause.ClientGone), this);
    }

    /// <summary>Cancelled when the attempt must stop; <see cref="Cause"/> says why.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Why it was stopped.</summary>
    public StopCause Cause { get; private set; }

    /// <summary>The running phase; after a stop, the one that was running.</summary>
    public Phase Phase { get; private set; }

    /// <summary>The limit of the running phase.</summary>
    public TimeSpan Limit { get; private set; }

    /// <summary>Starts a phase, in place of the one before.</summary>
    public void Enter(Phase phase, TimeSpan limit)
    {
        var now = Monotonic.Now(_time);
        lock (_gate)
        {
            if (Cause != StopCause.None)
            {
                return;
            }

            Phase = phase;
            Limit = limit;
            _phaseAt = limit >= TimeSpan.MaxValue - now ? TimeSpan.MaxValue : now + limit;
            if (_phaseAt < _dueAt)
            {
                Arm_NeedsLock(now);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        lock (_gate)
        {
            _disposed = true;
        }

        _timer.Dispose();
        _stop.Dispose();
    }

    private void OnTimer()
    {
        StopCause cause;
        var now = Monotonic.Now(_time);
        lock (_gate)
        {
            cause = now >= _clientAt ? StopCause.ClientDeadline
                : now >= _totalAt ? StopCause.Total
                : now >= _phaseAt ? StopCause.Phase
                : StopCause.None;
            if (cause == StopCause.None && !_disposed)
            {
                Arm_NeedsLock(now);
            }
        }

        if (cause != StopCause.None)
        {
            Stop(cause);
        }
    }

    private void Stop(StopCause cause)
    {
        lock (_gate)
        {
            if (Cause != StopCause.None || _disposed)
            {
                return;
            }

            Cause = cause == StopCause.ClientGone && Monotonic.Now(_time) >= _clientAt - DeadlineSlack ? StopCause.ClientDeadline : cause;
        }

        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The attempt ended by itself in the same moment.
        }
    }

    private void Arm_NeedsLock(TimeSpan now)
    {
        var next = _phaseAt < _totalAt ? _phaseAt : _totalAt;
        _dueAt = next < _clientAt ? next : _clientAt;
        if (_dueAt == TimeSpan.MaxValue)
        {
            return;
        }

        // Timers count whole milliseconds and may fire a little early: round up, and never below one.
        var wait = TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((_dueAt - now).TotalMilliseconds)));
        _timer.Change(wait < MaxTimer ? wait : MaxTimer, Timeout.InfiniteTimeSpan);
    }

    private static readonly TimeSpan MaxTimer = TimeSpan.FromDays(20);
}
