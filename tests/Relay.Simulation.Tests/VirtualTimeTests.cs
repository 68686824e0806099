using Relay.Simulation.Time;

namespace Relay.Simulation.Tests;

/// <summary>The clock and the thread that runs stand on.</summary>
public sealed class VirtualTimeTests
{
    private readonly VirtualTime _time = new(() => TimeSpan.Zero);
    private readonly List<string> _seen = [];

    [Fact]
    public void WhatIsDue_HappensInOrderAtItsOwnTime()
    {
        _time.After(TimeSpan.FromSeconds(2), () => See("b"));
        _time.After(TimeSpan.FromSeconds(1), () => See("a"));
        _time.After(TimeSpan.FromSeconds(2), () => See("c"));
        RunTo(10);

        Assert.Equal(["a at 1", "b at 2", "c at 2"], _seen);
    }

    [Fact]
    public void Timers_FireRepeatAndStop()
    {
        using var often = _time.CreateTimer(_ => See("often"), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        using var moved = _time.CreateTimer(_ => See("moved"), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        moved.Change(TimeSpan.FromSeconds(4), Timeout.InfiniteTimeSpan);
        using (_time.CreateTimer(_ => See("gone"), null, TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan))
        {
            Assert.Equal(3, _time.ArmedTimers);
        }

        RunTo(6);

        Assert.Equal(["often at 1", "often at 3", "moved at 4", "often at 5"], _seen);
        Assert.Equal(1, _time.ArmedTimers);
        often.Dispose();
        Assert.Equal(0, _time.ArmedTimers);
    }

    [Fact]
    public void Timestamps_CountAsTheClockDoes()
    {
        var from = _time.GetTimestamp();
        _time.After(TimeSpan.FromSeconds(1.5), () => See("x"));
        RunTo(10);

        Assert.Equal(1.5, _time.GetElapsedTime(from).TotalSeconds, 1e-6);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 1, 500, TimeSpan.Zero), _time.GetUtcNow());
    }

    [Fact]
    public async Task CancelledPause_EndsAsAHappeningOfItsOwn()
    {
        using var cancel = new CancellationTokenSource();
        var pause = Pause.For(_time, TimeSpan.FromHours(1), cancel.Token);
        cancel.Cancel();

        Assert.False(pause.IsCompleted);
        RunTo(1);
        await Assert.ThrowsAsync<TaskCanceledException>(() => pause.AsTask());
    }

    [Fact]
    public void OnAnotherThread_IsNotedAndNotRun()
    {
        var context = new OneThread(null);
        var thread = new Thread(() => context.Post(_ => See("elsewhere"), null));
        thread.Start();
        thread.Join();

        Assert.Equal(0, context.RunReady());
        Assert.Empty(_seen);
        Assert.Contains(nameof(OnAnotherThread_IsNotedAndNotRun), context.Escape, StringComparison.Ordinal);
    }

    private void See(string what) => _seen.Add($"{what} at {_time.Elapsed.TotalSeconds}");

    private void RunTo(double seconds)
    {
        while (_time.Step(TimeSpan.FromSeconds(seconds)))
        {
            // One happening after the other.
        }
    }
}
