using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Relay.Simulator;

/// <summary>One client connection, which can be reset or half-closed as a broken provider would.</summary>
internal sealed class LiveConnection(ConnectionContext connection)
{
    private volatile bool _cut;

    public string Id => connection.ConnectionId;

    /// <summary>True once the simulator has cut it: its requests then end as faulted, not as left by the client.</summary>
    public bool Cut => _cut;

    /// <summary>Resets the connection: the peer gets RST, not FIN.</summary>
    public void Reset()
    {
        _cut = true;
        try
        {
            // A linger of zero makes close send RST.
            Socket?.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            // Already closed by the peer.
        }

        connection.Abort(new ConnectionAbortedException("reset by a scripted fault"));
    }

    /// <summary>Sends FIN while the answer is unfinished.</summary>
    public void FinishSending()
    {
        _cut = true;
        try
        {
            Socket?.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            // Already closed by the peer.
        }
    }

    private Socket? Socket => connection.Features.Get<IConnectionSocketFeature>()?.Socket;
}
