using System.Buffers;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Relay.Api.Http;
using Relay.Api.Stats;
using Relay.Core.Latency;

namespace Relay.Api.Live;

/// <summary>
/// The frames of one window. They are made only while somebody watches:
/// <code>
/// join -> producer runs -> picture -> differs? -> frame -> offered to every watcher -> pace -> nobody left? -> producer ends
/// </code>
/// </summary>
internal sealed class WatchedWindow(Window window, StatsQuery stats, TimeProvider time, ILogger log, CancellationToken stopping)
{
    /// <summary>How long the grains may take for a picture: 2 s. Then it is tried again.</summary>
    private static readonly TimeSpan PictureLimit = TimeSpan.FromSeconds(2);

    private static readonly FailoverSelection LatestFailovers = new(Model: null, Target: null, WatchedStories.Max);

    private readonly Lock _gate = new();
    private readonly HashSet<Watcher> _watchers = [];
    private readonly ArrayBufferWriter<byte> _buffer = new(16 * 1024);
    private readonly WatchedStories _stories = new();
    private Task _producer = Task.CompletedTask;
    private bool _isProducing;
    private WatchFrame? _latest;
    private ulong _sequence;
    private bool _isFailing;

    /// <summary>How many watch.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _watchers.Count;
            }
        }
    }

    /// <summary>The producer that runs, or ran last.</summary>
    public Task Producer
    {
        get
        {
            lock (_gate)
            {
                return _producer;
            }
        }
    }

    /// <summary>Takes in a watcher. Its first frame is the latest one, at once, or one that is made for it.</summary>
    public void Join(Watcher watcher)
    {
        lock (_gate)
        {
            _watchers.Add(watcher);
            if (_latest is { } frame)
            {
                watcher.Offer(frame);
            }

            if (!_isProducing && !stopping.IsCancellationRequested)
            {
                _isProducing = true;
                _producer = Task.Run(ProduceAsync, CancellationToken.None);
            }
        }
    }

    /// <summary>Lets a watcher go.</summary>
    public void Leave(Watcher watcher)
    {
        lock (_gate)
        {
            _watchers.Remove(watcher);
        }
    }

    private async Task ProduceAsync()
    {
        await using var json = new Utf8JsonWriter(_buffer, JsonAnswer.Options);
        do
        {
            var start = time.GetTimestamp();
            await LookAsync(json);
            var pace = _isFailing ? WatchHub.Pace : WatchHub.PaceAfter(time.GetElapsedTime(start), _latest?.Figures.Length ?? 0, Count);
            await Task.Delay(pace, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        while (GoesOn());
    }

    private bool GoesOn()
    {
        lock (_gate)
        {
            if (_watchers.Count > 0 && !stopping.IsCancellationRequested)
            {
                return true;
            }

            // Who joins next gets a new picture, not this one.
            _latest = null;
            _isProducing = false;
            return false;
        }
    }

    /// <summary>Looks once, and offers a frame when something changed.</summary>
    private async Task LookAsync(Utf8JsonWriter json)
    {
        try
        {
            using var limit = new CancellationTokenSource(PictureLimit, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
            var report = await stats.GetAllAsync(window, both.Token).WaitAsync(both.Token);
            var failovers = await stats.GetFailoversAsync(LatestFailovers, both.Token).WaitAsync(both.Token);
            _isFailing = false;
            WatchFrame.WriteFigures(_buffer, json, report);
            if (_stories.Update(failovers.Failovers) || _latest is null || !WatchFrame.Fields(_buffer).SequenceEqual(_latest.Figures.Span))
            {
                Publish(WatchFrame.Of(++_sequence, report, WatchFrame.Fields(_buffer), _stories.Latest));
            }
        }
        catch (Exception e) when (e is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            // Told once: it is tried again ten times a second.
            if (!_isFailing)
            {
                Log.WatchFailed(log, window.Label(), e.GetType().Name);
            }

            _isFailing = true;
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private void Publish(WatchFrame frame)
    {
        lock (_gate)
        {
            _latest = frame;
            foreach (var watcher in _watchers)
            {
                watcher.Offer(frame);
            }
        }
    }
}
