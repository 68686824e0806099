namespace Relay.Simulation.Time;

/// <summary>
/// A clock that stands still while anything can be done and then jumps to whatever is due next: timers of the code under test, and
/// happenings of the simulated world. What is due at the same instant happens in the order in which it was planned. Not thread-safe.
/// </summary>
/// <param name="lateness">How late each timer fires, as timers do.</param>
internal sealed class VirtualTime(Func<TimeSpan> lateness) : TimeProvider
{
    private static readonly TimeSpan UpBefore = TimeSpan.FromHours(1);
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<Planned, (long Ticks, long Number)> _queue = new();
    private long _ticks;
    private long _number;

    /// <summary>Odd on purpose, to catch code that takes timestamps for ticks.</summary>
    public override long TimestampFrequency => 7_654_321;

    /// <summary>Time since the start.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(_ticks);

    /// <summary>Timers that are armed.</summary>
    public int ArmedTimers { get; private set; }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Start + Elapsed;

    /// <inheritdoc/>
    /// <remarks>Does not begin at zero, as no machine's does. Exact for a day; no run is longer.</remarks>
    public override long GetTimestamp() => checked((UpBefore.Ticks + _ticks) * TimestampFrequency) / TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Plans a happening.</summary>
    public void After(TimeSpan delay, Action happening) => Plan(delay, new Planned(happening, null, 0));

    /// <summary>Jumps to what is due next and lets it happen; false when nothing is, or not until <paramref name="limit"/>.</summary>
    public bool Step(TimeSpan limit)
    {
        while (_queue.TryPeek(out var planned, out var due) && due.Ticks <= limit.Ticks)
        {
            _queue.Dequeue();
            if (planned.Timer is { } timer && timer.Version != planned.Version)
            {
                continue;
            }

            _ticks = Math.Max(_ticks, due.Ticks);
            if (planned.Timer is null)
            {
                planned.Happening!();
            }
            else
            {
                planned.Timer.Fire();
            }

            return true;
        }

        return false;
    }

    private void Plan(TimeSpan delay, Planned planned) => _queue.Enqueue(planned, (_ticks + Math.Max(0, delay.Ticks), ++_number));

    private readonly record struct Planned(Action? Happening, VirtualTimer? Timer, int Version);

    private sealed class VirtualTimer(VirtualTime owner, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;
        private bool _isArmed;

        /// <summary>Counts the times it was armed or disarmed: what was planned before is void.</summary>
        public int Version { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            SetArmed(dueTime != Timeout.InfiniteTimeSpan);
            if (_isArmed)
            {
                owner.Plan(dueTime + owner.Lateness(), new Planned(null, this, Version));
            }

            return true;
        }

        public void Fire()
        {
            SetArmed(_period > TimeSpan.Zero);
            if (_isArmed)
            {
                owner.Plan(_period, new Planned(null, this, Version));
            }

            callback(state);
        }

        public void Dispose() => SetArmed(false);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void SetArmed(bool armed)
        {
            owner.ArmedTimers += (armed ? 1 : 0) - (_isArmed ? 1 : 0);
            _isArmed = armed;
            Version++;
        }
    }

    private TimeSpan Lateness() => lateness();
}
