using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace Relay.Simulator;

/// <summary>The connections open now, so that unplugging can reset them all.</summary>
internal sealed class LiveConnections
{
    private readonly ConcurrentDictionary<string, LiveConnection> _open = new();

    public int Count => _open.Count;

    /// <summary>Connection middleware: keeps the connection while it lives.</summary>
    public async Task TrackAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var live = new LiveConnection(connection);
        connection.Features.Set(live);
        _open[live.Id] = live;
        try
        {
            await next(connection);
        }
        finally
        {
            _open.TryRemove(live.Id, out _);
        }
    }

    /// <summary>Resets every connection but the one that asked for it.</summary>
    public void ResetAll(LiveConnection? except = null)
    {
        foreach (var connection in _open.Values)
        {
            if (!ReferenceEquals(connection, except))
            {
                connection.Reset();
            }
        }
    }
}
