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
/// join -> producer runs -> picture -> differs? -> frame -> offered to some watchers after others -> pace -> nobody left? -> producer ends
/// </code>
/// </summary>
internal sealed class WatchedWindow(Window window, StatsQuery stats, TimeProvider time, ILogger log, CancellationToken stopping)
{
    /// <summary>How long the grains may take for a picture: 2 s. Then it is tried again.</summary>
    private static readonly TimeSpan PictureLimit = TimeSpan.FromSeconds(2);

    /// <summary>So many watchers at least get a frame at once. Where they are more, requests have their turn before the next ones.</summary>
    private const int MinTurn = 8;

    /// <summary>The most turns: half of a pace.</summary>
    private const int MaxTurns = 50;

    private static readonly TimeSpan BetweenTurns = TimeSpan.FromMilliseconds(1);

    private static readonly FailoverSelection LatestFailovers = new(Model: null, Target: null, WatchedStories.Max);

    private readonly Lock _gate = new();
    private readonly HashSet<Watcher> _watchers = [];
    private readonly ArrayBufferWriter<byte> _buffer = new(16 * 1024);
    private readonly WatchedStories _stories = new();
    private Task _producer = Task.CompletedTask;
    private bool _isProducing;
    private WatchFrame? _latest;
    private long _bytes;
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
            var frame = await LookAsync(json);
            var looked = time.GetTimestamp();
            var pace = _isFailing ? WatchHub.Pace : WatchHub.PaceAfter(time.GetElapsedTime(start, looked), _bytes);
            if (frame is not null)
            {
                await PublishAsync(frame);
            }

            var rest = pace - time.GetElapsedTime(looked);
            await Task.Delay(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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

    /// <summary>Looks once; a frame when something changed.</summary>
    private async Task<WatchFrame?> LookAsync(Utf8JsonWriter json)
    {
        try
        {
            using var limit = new CancellationTokenSource(PictureLimit, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
            var report = await stats.GetAllAsync(window, both.Token).WaitAsync(both.Token);
            var failovers = await stats.GetFailoversAsync(LatestFailovers, both.Token).WaitAsync(both.Token);
            _isFailing = false;
            WatchFrame.WriteFigures(_buffer, json, report);
            var frame = _stories.Update(failovers.Failovers) || _latest is null || !WatchFrame.Fields(_buffer).SequenceEqual(_latest.Figures.Span)
                ? WatchFrame.Of(++_sequence, report, WatchFrame.Fields(_buffer), _stories.Latest)
                : null;

            // Here it is made in the forms that are wanted, so that none of the watchers waits for another.
            _bytes = Watchers().Sum(watcher => (frame ?? _latest)!.Size(watcher.Form));
            return frame;
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

        return null;
    }

    /// <summary>
    /// Offers a frame to all, some after others: each one that wakes has bytes to send, and what all of them have to do at once would stand in
    /// front of requests. Nobody has waited for long when the first ones get the next frame: it is not looked for before.
    /// </summary>
    private async Task PublishAsync(WatchFrame frame)
    {
        var isFirst = _latest is null;
        Watcher[] all;
        lock (_gate)
        {
            // Who joins from now on has it already.
            _latest = frame;
            all = [.. _watchers];
        }

        var turn = isFirst ? all.Length : Math.Max(MinTurn, (all.Length + MaxTurns - 1) / MaxTurns);
        for (var i = 0; i < all.Length && !stopping.IsCancellationRequested; i++)
        {
            if (i > 0 && i % turn == 0)
            {
                await Task.Delay(BetweenTurns, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            all[i].Offer(frame);
        }
    }

    private Watcher[] Watchers()
    {
        lock (_gate)
        {
            return [.. _watchers];
        }
    }
}
