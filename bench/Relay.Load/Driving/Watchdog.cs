using Relay.Load.Http;

namespace Relay.Load.Driving;

/// <summary>Closes all connections when a run is stopped or takes far too long, so that no answer that never comes can hang it; disposing closes them too.</summary>
internal sealed class Watchdog : IDisposable
{
    private readonly IReadOnlyCollection<RawConnection> _all;
    private readonly CancellationTokenRegistration _stop;
    private readonly ITimer _timer;

    /// <summary>Starts watching.</summary>
    public Watchdog(IReadOnlyCollection<RawConnection> all, TimeSpan limit, CancellationToken stop)
    {
        _all = all;
        _stop = stop.Register(Close);
        _timer = TimeProvider.System.CreateTimer(_ => Close(), null, limit, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Dispose();
        _timer.Dispose();
        Close();
    }

    private void Close()
    {
        foreach (var connection in _all)
        {
            connection.Dispose();
        }
    }
}
