using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Relay.Gateway.Tests.Kit;

/// <summary>Listens on a free loopback port and serves each connection by itself.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Func<NetworkStream, CancellationToken, Task> _serve;
    private readonly Task _accepting;

    public RawServer(Func<NetworkStream, CancellationToken, Task> serve)
    {
        _serve = serve;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Carries bytes between a stream and a server until one of the two ends; to the server these come first.</summary>
    public static async Task JoinAsync(Stream client, Uri server, CancellationToken stopped, ReadOnlyMemory<byte> first = default)
    {
        using var behind = new TcpClient();
        await behind.ConnectAsync(server.Host, server.Port, stopped);
        await using var stream = behind.GetStream();
        await stream.WriteAsync(first, stopped);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopped);
        var ways = new[] { client.CopyToAsync(stream, ended.Token), stream.CopyToAsync(client, ended.Token) };
        await Task.WhenAny(ways);
        await ended.CancelAsync();
        await Task.WhenAll(ways).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _connections.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            await _serve(stream, _stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
        {
            // The gateway left, or the test is over.
        }
    }
}
