using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Relay.Gateway.Tests.Kit;

/// <summary>An upstream that answers exactly the bytes a test wants, one request per connection.</summary>
internal sealed class RawUpstream : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _calls = [];
    private readonly Func<RawCall, Task> _answer;
    private readonly Task _accepting;
    private int _count;

    private RawUpstream(Func<RawCall, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Url => new($"http://{_listener.LocalEndpoint}/");

    /// <summary>Requests that came.</summary>
    public int Count => Volatile.Read(ref _count);

    public static RawUpstream Start(Func<RawCall, Task> answer) => new(answer);

    /// <summary>Answers every request with a whole event stream.</summary>
    public static RawUpstream Stream(string events) => Start(call => call.SendStreamAsync(events));

    /// <summary>Answers every request with a 200 and this JSON.</summary>
    public static RawUpstream Json(byte[] body) => Start(call => call.SendJsonAsync(body));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_calls);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _calls.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var call = new RawCall(socket, _stop.Token);
        try
        {
            if (await call.ReadRequestAsync())
            {
                call.Number = Interlocked.Increment(ref _count);
                await _answer(call);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
        {
            // The gateway left, or the test is over.
        }
    }
}

/// <summary>One request to a <see cref="RawUpstream"/>.</summary>
internal sealed class RawCall(Socket socket, CancellationToken stopped) : IDisposable
{
    private readonly NetworkStream _stream = new(socket, ownsSocket: true);

    /// <summary>1 for the upstream's first request.</summary>
    public int Number { get; set; }

    public string Head { get; private set; } = "";

    public byte[] Body { get; private set; } = [];

    public CancellationToken Stopped => stopped;

    public async Task<bool> ReadRequestAsync()
    {
        socket.NoDelay = true;
        var bytes = new List<byte>();
        var one = new byte[1];
        while (!EndsHead(bytes))
        {
            if (await _stream.ReadAsync(one, stopped) == 0)
            {
                return false;
            }

            bytes.Add(one[0]);
        }

        Head = Encoding.ASCII.GetString([.. bytes]);
        var length = Head.Split("\r\n").FirstOrDefault(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))?.Split(':')[1];
        Body = new byte[int.Parse(length ?? "0")];
        await _stream.ReadExactlyAsync(Body, stopped);
        return true;
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await _stream.WriteAsync(bytes, stopped);
        await _stream.FlushAsync(stopped);
    }

    public Task WriteAsync(string text) => WriteAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>The head of a stream that ends with its connection.</summary>
    public Task StartStreamAsync() => WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");

    /// <summary>A whole event stream.</summary>
    public async Task SendStreamAsync(string events)
    {
        await StartStreamAsync();
        await WriteAsync(events);
    }

    /// <summary>A whole JSON answer.</summary>
    public async Task SendJsonAsync(byte[] body, int status = 200, string headers = "")
    {
        await WriteAsync($"HTTP/1.1 {status} Status\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n{headers}Connection: close\r\n\r\n");
        await WriteAsync(body);
    }

    /// <summary>Waits until the gateway closes or resets the connection.</summary>
    public async Task GatewayLeftAsync()
    {
        try
        {
            while (await _stream.ReadAsync(new byte[256], stopped) > 0)
            {
                // Nothing is expected.
            }
        }
        catch (IOException)
        {
            // Reset: it left too.
        }
    }

    /// <summary>Closes with a reset, so that what was sent may be lost and no end is seen.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    public void Dispose() => _stream.Dispose();

    private static bool EndsHead(List<byte> bytes) =>
        bytes.Count >= 4 && bytes[^4] == '\r' && bytes[^3] == '\n' && bytes[^2] == '\r' && bytes[^1] == '\n';
}
