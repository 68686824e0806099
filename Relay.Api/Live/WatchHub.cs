using Microsoft.Extensions.Logging;
using Relay.Api.Stats;
using Relay.Core.Latency;
using Relay.ServiceDefaults.Metrics;

namespace Relay.Api.Live;

/// <summary>
/// Live pictures for everybody who watches, over HTTP and over gRPC. What they cost does not grow with the watchers, but for sending: each
/// window that is watched has one producer, and each of its frames is made and serialized once.
/// </summary>
internal sealed class WatchHub : IMetricsSource, IAsyncDisposable
{
    /// <summary>The most watchers at once, over HTTP and gRPC together: 1,000.</summary>
    public const int MaxWatchers = 1_000;

    /// <summary>The most frames a second.</summary>
    public const double MaxFramesPerSecond = 10;

    /// <summary>The time from one look at a window to the next: 100 ms.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    /// <summary>The most bytes a second that the watchers of a window are sent together: 64 MB. Where many watch much, frames come less often.</summary>
    public const double MaxBytesPerSecond = 64_000_000;

    /// <summary>The share of the time in which a window is looked at: 20 %, but at least once a second.</summary>
    private const double MaxShareOfLooking = 0.2;

    private static readonly TimeSpan LongestPaceOfLooking = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPace = TimeSpan.FromSeconds(5);

    /// <summary>How long a watcher may take for one frame: 30 s. Then its connection is cut.</summary>
    public static readonly TimeSpan StuckAfter = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stop = new();
    private readonly TimeProvider _time;
    private readonly WatchedWindow[] _windows;
    private int _watchers;

    /// <summary>Creates it; nothing runs before somebody watches.</summary>
    public WatchHub(StatsQuery stats, TimeProvider time, ILogger log)
    {
        _time = time;
        var stopping = _stop.Token;
        _windows = [.. TrailingWindows.All.ToArray().Select(window => new WatchedWindow(window, stats, time, log, stopping))];
    }

    /// <summary>Cancelled when the server begins to stop: every watch ends.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>The time from a look to the next one: <see cref="Pace"/>, or longer where that would take too much of what requests need.</summary>
    /// <param name="look">How long the look took.</param>
    /// <param name="bytes">What all watchers together are sent of a frame.</param>
    public static TimeSpan PaceAfter(TimeSpan look, long bytes)
    {
        var looking = Math.Min(look.TotalSeconds / MaxShareOfLooking, LongestPaceOfLooking.TotalSeconds);
        var sending = Math.Min(bytes / MaxBytesPerSecond, LongestPace.TotalSeconds);

        // Timers take whole milliseconds.
        return TimeSpan.FromMilliseconds(Math.Ceiling(1_000 * Math.Max(Pace.TotalSeconds, Math.Max(looking, sending))));
    }

    /// <summary>Begins to watch; null when there are as many watchers as may be.</summary>
    /// <param name="window">The window.</param>
    /// <param name="maxFramesPerSecond">The most frames a second, above 0 and up to <see cref="MaxFramesPerSecond"/>.</param>
    /// <param name="form">How it is sent them.</param>
    public Watcher? TryWatch(Window window, double maxFramesPerSecond, WatchForm form = WatchForm.Event)
    {
        if (Interlocked.Increment(ref _watchers) > MaxWatchers)
        {
            Interlocked.Decrement(ref _watchers);
            return null;
        }

        var watched = _windows[(int)window];
        var watcher = new Watcher(maxFramesPerSecond, _time, leaving =>
        {
            watched.Leave(leaving);
            Interlocked.Decrement(ref _watchers);
        })
        {
            Form = form,
        };
        watched.Join(watcher);
        return watcher;
    }

    /// <summary>The work for a window that goes on while somebody watches it, or went on last.</summary>
    public Task Producer(Window window) => _windows[(int)window].Producer;

    /// <summary>Ends every watch.</summary>
    public void Stop() => _stop.Cancel();

    /// <inheritdoc/>
    public void Write(MetricsText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text.Family("relay_watchers", "gauge", "Who watches live stats now, over HTTP and gRPC.");
        foreach (var window in TrailingWindows.All)
        {
            text.Sample(_windows[(int)window].Count, "window", window.Label());
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_windows.Select(window => window.Producer));
        _stop.Dispose();
    }
}
