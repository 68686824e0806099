namespace Relay.TestKit;

/// <summary>
/// A clock that moves only when a test says so. Its timestamp frequency is odd on purpose, to catch code that takes timestamps for ticks, and
/// its timestamps do not begin at zero, as those of no machine do.
/// </summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private static readonly TimeSpan UpBefore = TimeSpan.FromDays(3);

    /// <summary>Real time: far longer than what is waited for takes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly List<(long DueTicks, TaskCompletionSource Armed)> _waits = [];
    private readonly DateTimeOffset _start;
    private long _elapsedTicks;

    public ManualTimeProvider()
        : this(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    public ManualTimeProvider(DateTimeOffset start) => _start = start;

    /// <summary>Raised after a timer was created or changed; lets a test arm its wait before it advances.</summary>
    public event Action? TimersChanged;

    /// <inheritdoc/>
    public override long TimestampFrequency => 7_654_321;

    /// <summary>Time since the clock was made.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(Interlocked.Read(ref _elapsedTicks));

    /// <summary>Timers that are armed now.</summary>
    public int ArmedTimers
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count;
            }
        }
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _start + Elapsed;

    /// <inheritdoc/>
    public override long GetTimestamp() => (long)((Int128)(UpBefore.Ticks + Interlocked.Read(ref _elapsedTicks)) * TimestampFrequency / TimeSpan.TicksPerSecond);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Completes when a timer is armed that is due in exactly this time from now: at once when there is one. Fails after a minute.</summary>
    public Task ArmedAsync(TimeSpan due)
    {
        lock (_gate)
        {
            var dueTicks = _elapsedTicks + due.Ticks;
            var armed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_timers.Exists(timer => timer.DueTicks == dueTicks))
            {
                armed.SetResult();
            }
            else
            {
                _waits.Add((dueTicks, armed));
            }

            return armed.Task.WaitAsync(Patience, System);
        }
    }

    /// <summary>Moves the clock, firing each due timer at its own instant, in order.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var end = Interlocked.Read(ref _elapsedTicks) + by.Ticks;
        while (NextDue(end) is { } timer)
        {
            timer.Fire();
        }

        Interlocked.Exchange(ref _elapsedTicks, end);
    }

    private ManualTimer? NextDue(long end)
    {
        lock (_gate)
        {
            var next = _timers.Where(t => t.DueTicks <= end).MinBy(t => t.DueTicks);
            if (next is null)
            {
                return null;
            }

            Interlocked.Exchange(ref _elapsedTicks, Math.Max(_elapsedTicks, next.DueTicks));
            if (next.Period > TimeSpan.Zero)
            {
                next.DueTicks += next.Period.Ticks;
            }
            else
            {
                _timers.Remove(next);
            }

            return next;
        }
    }

    private void Arm(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
            timer.Period = period;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                timer.DueTicks = _elapsedTicks + dueTime.Ticks;
                _timers.Add(timer);
                foreach (var wait in _waits.Where(wait => wait.DueTicks == timer.DueTicks))
                {
                    wait.Armed.TrySetResult();
                }
            }
        }

        TimersChanged?.Invoke();
    }

    private void Disarm(ManualTimer timer)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
        }
    }

    private sealed class ManualTimer(ManualTimeProvider owner, TimerCallback callback, object? state) : ITimer
    {
        public long DueTicks { get; set; }

        public TimeSpan Period { get; set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            owner.Arm(this, dueTime, period);
            return true;
        }

        public void Dispose() => owner.Disarm(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
