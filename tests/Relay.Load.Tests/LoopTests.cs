using System.Net;
using System.Net.Sockets;
using System.Text;
using Relay.Load.Driving;

namespace Relay.Load.Tests;

/// <summary>Both loops against a server of a few lines.</summary>
public sealed class LoopTests : IDisposable
{
    private static readonly byte[] Right = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    private static readonly byte[] Wrong = Encoding.ASCII.GetBytes("HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\nno");

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public LoopTests() => _listener.Start();

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task ClosedLoop_CountsEachRequestOnce()
    {
        var server = ServeAsync(2, (_, _) => Task.FromResult(Right));
        var result = await ClosedLoop.RunAsync(Work(), connections: 2, TimeSpan.FromMinutes(1), CancellationToken.None, maxRequests: 100);
        await server;
        Assert.Equal((100, 0), (result.Count, result.ErrorCount));
    }

    [Fact]
    public async Task WrongAnswers_AreErrorsAndNotLatencies()
    {
        var server = ServeAsync(1, (_, n) => Task.FromResult(n % 2 == 0 ? Right : Wrong));
        var result = await ClosedLoop.RunAsync(Work(), connections: 1, TimeSpan.FromMinutes(1), CancellationToken.None, maxRequests: 10);
        await server;
        Assert.Equal((5, 5), (result.Count, result.Errors["status 500"]));
    }

    /// <summary>One connection, and a server that answers nothing until ten requests are due: a closed loop would show one slow answer, here each shows its own wait.</summary>
    [Fact]
    public async Task OpenLoop_MeasuresFromTheIntendedStart()
    {
        const int Stall = 100;
        var book = new Book();
        var server = ServeAsync(1, async (arrived, n) =>
        {
            // Holds the first answer back until the last arrival is due.
            while (n == 0 && TimeProvider.System.GetElapsedTime(arrived) < TimeSpan.FromMilliseconds(Stall))
            {
                await Task.Yield();
            }

            return Right;
        });
        var result = await OpenLoop.RunAsync(Work(), perSecond: 100, connections: 1, TimeSpan.FromMilliseconds(Stall), CancellationToken.None, book);
        await server;
        Assert.Equal(10, result.Count);
        Assert.True(result.Latency.Quantile(0.5) >= Stall / 4 * 1000, $"median {result.Latency.Quantile(0.5)} µs");
    }

    private Workload Work() => new()
    {
        Endpoint = (IPEndPoint)_listener.LocalEndpoint,
        Requests = [Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n\r\n")],
        Bytes = 2,
    };

    private async Task ServeAsync(int connections, Func<long, int, Task<byte[]>> answer)
    {
        await Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
        {
            using var socket = await _listener.AcceptSocketAsync();
            var buffer = new byte[1024];
            for (var n = 0; await socket.ReceiveAsync(buffer) > 0; n++)
            {
                await socket.SendAsync(await answer(TimeProvider.System.GetTimestamp(), n));
            }
        }));
    }
}
