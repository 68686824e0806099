using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relay.Gateway.Telemetry;

namespace Relay.Gateway.Config;

/// <summary>
/// Looks at the configuration's files whenever the file system tells of a change, and in any case every <see cref="Poll"/>: secret
/// files, folders behind symlinks and network file systems tell nothing.
/// <code><![CDATA[
///   file system --+--> settle: 200 ms without another event, 2 s at most --+--> another content? --> ConfigReloader
///   every 5 s ----+--------------------------------------------------------+
/// ]]></code>
/// </summary>
internal sealed class ConfigWatcher(ConfigReloader reloader, TimeProvider time, ILogger<ConfigWatcher> log) : BackgroundService
{
    /// <summary>How often it looks without being told: 5 s.</summary>
    public static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    /// <summary>It looks this long after the last event of a burst: 200 ms.</summary>
    public static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(200);

    /// <summary>A burst that does not end is looked into after this: 2 s.</summary>
    public static readonly TimeSpan SettleMax = TimeSpan.FromSeconds(2);

    /// <summary>One waiting look is enough, whatever happened how often.</summary>
    private readonly Channel<bool> _looks = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>When the last burst of events has settled: ticks on the monotonic clock.</summary>
    private long _settledAt;

    private FolderEvents? _events;
    private ITimer? _poll;

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (reloader.Path is not { } path)
        {
            return;
        }

        _events = new FolderEvents(path, OnEvent);
        if (!_events.IsWatching)
        {
            Log.ConfigNotWatched(log, Poll.TotalSeconds);
        }

        _poll = time.CreateTimer(_ => _looks.Writer.TryWrite(true), null, Poll, Poll);

        // Whatever was edited between the first read and now.
        TryCheck();
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _events?.Dispose();
        _poll?.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var _ in _looks.Reader.ReadAllAsync(stoppingToken))
            {
                await SettleAsync(stoppingToken);
                TryCheck();
            }
        }
        catch (OperationCanceledException)
        {
            // Shutting down.
        }
    }

    private void OnEvent()
    {
        Volatile.Write(ref _settledAt, (Monotonic.Now(time) + Settle).Ticks);
        _looks.Writer.TryWrite(true);
    }

    private async Task SettleAsync(CancellationToken cancellation)
    {
        var latest = Monotonic.Now(time) + SettleMax;
        while (true)
        {
            var now = Monotonic.Now(time);
            var wait = TimeSpan.FromTicks(Volatile.Read(ref _settledAt)) - now;
            if (wait <= TimeSpan.Zero || now >= latest)
            {
                return;
            }

            // Delays count whole milliseconds: a rest below one would be none at all, again and again.
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), time, cancellation);
        }
    }

    private void TryCheck()
    {
        try
        {
            reloader.Check(always: false);
        }
        catch (Exception e)
        {
            // The next look may go well; a watcher that ended would never.
            Log.ConfigLookFailed(log, e.GetType().Name);
        }
    }
}
