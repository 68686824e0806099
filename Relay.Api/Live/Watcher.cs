using System.Threading.Channels;

namespace Relay.Api.Live;

/// <summary>
/// One who watches a window. It holds at most one frame that was not taken yet; a newer one takes its place, so that one who is slow skips
/// frames and goes on with the newest. For one reader; disposing of it ends the watch.
/// </summary>
internal sealed class Watcher : IDisposable
{
    private readonly Channel<WatchFrame> _pending = Channel.CreateBounded<WatchFrame>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>Not worth a timer.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private readonly Action<Watcher> _leave;
    private long _takenAt;
    private int _taken;
    private long _toldStory;
    private int _left;

    /// <summary>Creates it.</summary>
    /// <param name="maxFramesPerSecond">The most frames a second, above 0.</param>
    /// <param name="time">The clock.</param>
    /// <param name="leave">Told once, when it is disposed of.</param>
    public Watcher(double maxFramesPerSecond, TimeProvider time, Action<Watcher> leave)
    {
        // A day is as good as never, and what a timer takes.
        _interval = TimeSpan.FromSeconds(Math.Min(1 / maxFramesPerSecond, TimeSpan.SecondsPerDay));
        _time = time;
        _leave = leave;
    }

    /// <summary>How it is sent its frames.</summary>
    public WatchForm Form { get; init; }

    /// <summary>Gives it a frame; what it had not taken is dropped.</summary>
    public void Offer(WatchFrame frame) => _pending.Writer.TryWrite(frame);

    /// <summary>Takes the newest frame that was not taken yet, as soon as there is one and its rate allows; null when there is none within the limit.</summary>
    public async ValueTask<WatchPicture?> TakeAsync(TimeSpan limit, CancellationToken cancellation)
    {
        await PaceAsync(cancellation);
        if (_pending.Reader.TryRead(out var ready))
        {
            return Taken(ready);
        }

        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var delay = Task.Delay(limit, _time, waiting.Token);
        var frame = _pending.Reader.ReadAsync(waiting.Token).AsTask();
        await Task.WhenAny(frame, delay);
        await waiting.CancelAsync();
        await ((Task)frame).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        return frame.IsCompletedSuccessfully ? Taken(await frame) : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0)
        {
            _leave(this);
        }
    }

    /// <summary>The hub keeps its own pace; only the first frame, which is there at once, can come between two others.</summary>
    private async ValueTask PaceAsync(CancellationToken cancellation)
    {
        if (_taken == 1 || (_taken > 1 && _interval > WatchHub.Pace))
        {
            var early = _interval - _time.GetElapsedTime(_takenAt);
            if (early >= Shortest)
            {
                await Task.Delay(early, _time, cancellation);
            }
        }
    }

    private WatchPicture Taken(WatchFrame frame)
    {
        _takenAt = _time.GetTimestamp();
        _taken = Math.Min(_taken + 1, 2);
        var told = _toldStory;
        _toldStory = frame.Stories.IsEmpty ? told : frame.Stories[^1].Number;
        return new WatchPicture(frame, frame.Stories.IsEmpty || frame.Stories[^1].Number <= told ? [] : [.. frame.Stories.Where(story => story.Number > told)]);
    }
}
