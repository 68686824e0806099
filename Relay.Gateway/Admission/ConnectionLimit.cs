using Microsoft.AspNetCore.Connections;
using Relay.Gateway.Routing;

namespace Relay.Gateway.Admission;

/// <summary>
/// The limit on open connections: that on requests, and <see cref="Spare"/> for health checks and idle clients. Over it a connection
/// is closed at once. Kestrel's own such limit cannot change while it runs.
/// </summary>
internal sealed class ConnectionLimit(RoutingState routing)
{
    /// <summary>Connections beyond <c>limits.maxConcurrentRequests</c>: 1,000.</summary>
    public const int Spare = 1_000;

    private int _open;
    private long _refused;

    /// <summary>Connections open now.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Connections that were closed at once, since the start.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Raised after one was closed. A client may see that before; tests wait for this.</summary>
    public event Action? Closed;

    /// <summary>A stage of each connection.</summary>
    public async Task InvokeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        try
        {
            if (Interlocked.Increment(ref _open) > (long)routing.Current.Config.Limits.MaxConcurrentRequests + Spare)
            {
                Interlocked.Increment(ref _refused);
                connection.Abort();
                return;
            }

            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
            Closed?.Invoke();
        }
    }
}
