using System.Net;
using System.Net.Sockets;

namespace Relay.Load.Http;

/// <summary>What came of one request.</summary>
/// <param name="Status">The status; 0 when none came.</param>
/// <param name="Bytes">Bytes of the body, without its transfer coding.</param>
/// <param name="EndAt">When the last byte was read.</param>
/// <param name="RetryAfter">Seconds after which to come back; 0 when it does not say.</param>
internal readonly record struct Exchange(int Status, long Bytes, long EndAt, int RetryAfter);

/// <summary>
/// One keep-alive HTTP/1.1 connection on a bare socket. On a small machine the driver shares the processors with what it measures, so it
/// does only what it must: one write, a scan of the head, and a count of the body's bytes and events.
/// </summary>
internal sealed class RawConnection(IPEndPoint endpoint, int bufferBytes = 16 * 1024) : IDisposable
{
    private readonly byte[] _buffer = new byte[bufferBytes];
    private Socket? _socket;
    private volatile bool _disposed;

    /// <summary>The stream that was read last.</summary>
    public SseGauge Gauge { get; } = new();

    /// <summary>Sends a request and reads its answer to the end. After an exception the next request opens a new connection.</summary>
    public async ValueTask<Exchange> SendAsync(ReadOnlyMemory<byte> request)
    {
        Gauge.Start();
        try
        {
            var socket = _socket ??= await ConnectAsync();
            await socket.SendAsync(request);
            var (exchange, close) = await ReadAsync(socket);
            if (close)
            {
                Drop();
            }

            return exchange;
        }
        catch
        {
            Drop();
            throw;
        }
    }

    /// <summary>Opens the connection ahead of the first request.</summary>
    public async ValueTask OpenAsync() => _socket ??= await ConnectAsync();

    /// <summary>Sends a request and leaves with the answer unread after so many bytes, as a client does that was closed.</summary>
    public async ValueTask SendAndLeaveAsync(ReadOnlyMemory<byte> request, int afterBytes)
    {
        try
        {
            var socket = _socket ??= await ConnectAsync();
            await socket.SendAsync(request);
            for (var read = 0; read < afterBytes;)
            {
                var now = await socket.ReceiveAsync(_buffer);
                read = now == 0 ? int.MaxValue : read + now;
            }
        }
        finally
        {
            Drop();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        Drop();
    }

    private async ValueTask<(Exchange Exchange, bool Close)> ReadAsync(Socket socket)
    {
        var filled = 0;
        ResponseHead head;
        int length;
        while (!ResponseHead.TryRead(_buffer.AsSpan(0, filled), out head, out length))
        {
            filled += await ReceiveAsync(socket, filled);
        }

        var body = new BodyCount(head, Gauge);
        var now = Clock.Now;
        body.Take(_buffer.AsSpan(length, filled - length), now);
        while (!body.IsDone)
        {
            var read = await ReceiveAsync(socket, 0);
            now = Clock.Now;
            body.Take(_buffer.AsSpan(0, read), now);
        }

        return (new(head.Status, body.Bytes, now, head.RetryAfter), head.Close);
    }

    private async ValueTask<int> ReceiveAsync(Socket socket, int filled)
    {
        var read = filled == _buffer.Length ? 0 : await socket.ReceiveAsync(_buffer.AsMemory(filled));
        return read > 0 ? read : throw new IOException("The answer ended early.");
    }

    private async ValueTask<Socket> ConnectAsync()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Drop()
    {
        _socket?.Dispose();
        _socket = null;
    }
}
