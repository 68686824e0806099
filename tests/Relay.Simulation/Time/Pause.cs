using System.Threading.Tasks.Sources;

namespace Relay.Simulation.Time;

/// <summary>A wait in virtual time. Ends only as a happening of its own, never inside the code that cancels it.</summary>
internal sealed class Pause : IValueTaskSource
{
    private readonly VirtualTime _time;
    private ManualResetValueTaskSourceCore<bool> _core;
    private CancellationTokenRegistration _cancelled;
    private bool _isOver;

    private Pause(VirtualTime time) => _time = time;

    /// <summary>Waits.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="delay">How long; infinite: until cancelled.</param>
    /// <param name="cancellation">Ends it early, with an exception.</param>
    public static ValueTask For(VirtualTime time, TimeSpan delay, CancellationToken cancellation)
    {
        var pause = new Pause(time);
        if (delay != Timeout.InfiniteTimeSpan)
        {
            time.After(delay, pause.End);
        }

        pause._cancelled = cancellation.UnsafeRegister(static self => ((Pause)self!).PlanCancel(), pause);
        return new ValueTask(pause, pause._core.Version);
    }

    /// <inheritdoc/>
    public void GetResult(short token) => _core.GetResult(token);

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void PlanCancel() => _time.After(TimeSpan.Zero, Cancel);

    private void End()
    {
        if (!_isOver)
        {
            _isOver = true;
            _cancelled.Dispose();
            _core.SetResult(true);
        }
    }

    private void Cancel()
    {
        if (!_isOver)
        {
            _isOver = true;
            _cancelled.Dispose();
            _core.SetException(new TaskCanceledException());
        }
    }
}
